import type { Node } from "../../organisation/organisation.js";

/** Whether a value is one of the organisation's nodes. */
export function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "kind" in value && "id" in value;
}
