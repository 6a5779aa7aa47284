import { type Config, secretValues } from "../config.js";
import { messageOf } from "../errors.js";
import { redact } from "../log.js";
import type { Queues } from "../work/queues.js";
import { commandLog } from "./open.js";

/** The queues, for a command that wakes workers. That they cannot be woken is one line: workers look by themselves too. */
export async function openWakeUps({ redisUrl }: Config, databaseUrl: string): Promise<Queues> {
  let told = false;
  const report = (_where: string, error: unknown): void => {
    if (told) return;
    told = true;
    const [reason = ""] = redact(messageOf(error), secretValues()).split("\n");
    process.stderr.write(`The wake-up of the workers failed (${reason}); they find the work within a minute.\n`);
  };
  // BullMQ is several hundred modules, for which what is said of a mistake does not wait.
  const { openQueues } = await import("../work/open-queues.js");
  return openQueues({ redisUrl, databaseUrl, log: commandLog(), report });
}
