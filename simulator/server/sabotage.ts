import type { FaultSwitch } from "../faults.js";

/** What a fault does to a call: a status, or nonsense, in place of the answer, or no answer at all. */
export type Sabotage = number | "reset" | "timeout" | "drop-answer" | "silent-limit" | "nonsense" | null;

const SERVER_ERRORS = [500, 502, 503] as const;

/** The fault that strikes a call before anything is done. */
export function faultBefore(faults: FaultSwitch, call: string): Sabotage {
  const planned = faults.planned(call);
  if (planned !== null) return planned.kind === "status" ? (planned.status ?? 500) : planned.kind;
  if (faults.strikes("reset")) return "reset";
  if (faults.strikes("timeout")) return "timeout";
  if (!faults.strikes("serverError")) return null;
  return SERVER_ERRORS[Math.floor(faults.random() * SERVER_ERRORS.length)] ?? 500;
}
