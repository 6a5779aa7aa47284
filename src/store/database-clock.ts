import { z } from "zod";
import type { Clock } from "../domain.js";
import type { Sql } from "./store.js";

/** The database's time: the clock for leases and due times that all processes share. */
export interface DatabaseClock extends Clock {
  /** Reads the database's time again. After a failure the clock continues unchanged. */
  adjust(): Promise<void>;
}

const Row = z.object({ now: z.date() });

/**
 * Continues the database's time with this process's monotonic timer, because the system clock may be wrong or may be
 * changed.
 */
export async function openDatabaseClock(
  sql: Sql,
  timer: () => number = () => performance.now(),
): Promise<DatabaseClock> {
  const read = async (): Promise<number> => {
    const asked = timer();
    const [row] = await sql.query("SELECT clock_timestamp() AS now");
    // The answer was correct half-way between question and answer.
    return Row.parse(row).now.getTime() - (asked + timer()) / 2;
  };
  let ahead = await read();
  return {
    now: () => new Date(ahead + timer()),
    async adjust() {
      ahead = await read().catch(() => ahead);
    },
  };
}
