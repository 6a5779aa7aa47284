import { messageOf } from "../errors.js";
import { pausedRemedy, pausedWords } from "../health/paused-writes.js";
import { redact } from "../log.js";
import { pausedWrites } from "../store/effects/switch.js";
import type { Sql } from "../store/store.js";
import { type Finding, ok, problem, unknown } from "./check.js";

const CHECK = "writes";

/** Whether the switch that stops writes to GitHub was left thrown: nothing else seems wrong then. */
export async function checkWrites(sql: Sql): Promise<readonly Finding[]> {
  try {
    const paused = await pausedWrites(sql);
    if (paused.length === 0) return [ok(CHECK, "allowed everywhere")];
    return paused.map((each) => problem(CHECK, pausedWords(each), pausedRemedy(each)));
  } catch (error) {
    return [unknown(CHECK, `the database could not be asked: ${redact(messageOf(error))}`)];
  }
}
