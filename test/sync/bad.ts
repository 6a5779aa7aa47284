import type { PlannedFault } from "../../simulator/faults.js";

export type BadAnswer = Pick<PlannedFault, "kind" | "status">;

/** What GitHub answers about a repository that is bad. */
export const BAD: readonly (readonly [string, BadAnswer])[] = [
  ["404", { kind: "status", status: 404 }],
  ["403", { kind: "status", status: 403 }],
  ["409", { kind: "status", status: 409 }],
  ["451", { kind: "status", status: 451 }],
  ["data that is not what was asked for", { kind: "nonsense" }],
];
