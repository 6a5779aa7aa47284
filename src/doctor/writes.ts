import { messageOf } from "../errors.js";
import { pausedRemedy, pausedWords } from "../health/paused-writes.js";
import { redact } from "../log.js";
import { pausedWrites } from "../store/effects/switch.js";
import type { Sql } from "../store/store.js";
import { type Finding, ok, problem, unknown } from "./check.js";

const CHECK = "writes";

/** Whether writes to GitHub are paused: no other check shows it. */
export async function checkWrites(sql: Sql): Promise<readonly Finding[]> {
  try {
    const paused = await pausedWrites(sql);
    if (paused.length === 0) return [ok(CHECK, "not paused")];
    return paused.map((each) => problem(CHECK, pausedWords(each), pausedRemedy(each)));
  } catch (error) {
    return [unknown(CHECK, `cannot read the database: ${redact(messageOf(error))}`)];
  }
}
