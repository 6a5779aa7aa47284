import type { FaultSwitch, PlannedFault } from "../faults.js";
import type { Answer } from "./answer.js";

/** What a fault does to a call: another answer or a status in place of the answer, or no answer at all. */
export type Sabotage = number | Answer | "reset" | "timeout" | "drop-answer" | "silent-limit" | "nonsense" | null;

const SERVER_ERRORS = [500, 502, 503] as const;

/** The fault that strikes a call before anything is done. */
export function faultBefore(faults: FaultSwitch, call: string): Sabotage {
  const planned = faults.planned(call);
  if (planned !== null) return plannedSabotage(planned);
  if (faults.strikes("reset")) return "reset";
  if (faults.strikes("timeout")) return "timeout";
  if (!faults.strikes("serverError")) return null;
  return SERVER_ERRORS[Math.floor(faults.random() * SERVER_ERRORS.length)] ?? 500;
}

function plannedSabotage({ kind, status, type }: PlannedFault): Sabotage {
  switch (kind) {
    case "status":
      return status ?? 500;
    case "html":
      return { status: status ?? 200, raw: "<html>signing in</html>", type: "text/html; charset=utf-8" };
    case "graphql-error": {
      const message = "Something went wrong. Please try again.";
      return { status: 200, body: { data: null, errors: [{ ...(type !== undefined && { type }), message }] } };
    }
    default:
      return kind;
  }
}
