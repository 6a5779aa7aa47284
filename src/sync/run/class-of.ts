import type { CursorRow } from "../../store/sync/cursors.js";
import type { CallClass } from "../budget/class.js";
import { ENTITIES } from "../entity.js";
import { reachesBack } from "../entities/commits.js";
import type { ActiveRun } from "./active-run.js";

const LISTS: ReadonlySet<string> = new Set(ENTITIES);

/** The class of a run's calls. Reading a list from beginning to end counts as a full sync, whatever requested it. */
export function classOf(run: Pick<ActiveRun, "mode">, cursor: CursorRow): CallClass {
  if (run.mode === "full") return "full";
  const whole = LISTS.has(cursor.entity) && cursor.since === null;
  return whole && (cursor.entity !== "commits" || reachesBack(cursor.cursor)) ? "full" : "incremental";
}
