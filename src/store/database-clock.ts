import { z } from "zod";
import type { Clock } from "../domain.js";
import type { Sql } from "./store.js";

/** The database's time: the one clock that all processes agree on, for leases and due times. */
export interface DatabaseClock extends Clock {
  /** Reads the database's time again; a failure leaves the clock as it is. */
  adjust(): Promise<void>;
}

const Row = z.object({ now: z.date() });

/**
 * A clock that goes on from the database's time by this process's monotonic timer: the system's own clock may be minutes off, or
 * be set meanwhile.
 */
export async function openDatabaseClock(
  sql: Sql,
  timer: () => number = () => performance.now(),
): Promise<DatabaseClock> {
  const read = async (): Promise<number> => {
    const asked = timer();
    const [row] = await sql.query("SELECT clock_timestamp() AS now");
    // The answer was true half-way between question and answer.
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
