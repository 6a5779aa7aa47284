import { type Config, secretValues } from "../config.js";
import { messageOf } from "../errors.js";
import { redact } from "../log.js";
import type { Queues } from "../work/queues.js";
import { commandLog } from "./open.js";

/**
 * The queues, for a command that wakes workers. A failure prints one line, because workers also find the work by
 * themselves.
 */
export async function openWakeUps({ redisUrl }: Config, databaseUrl: string): Promise<Queues> {
  let told = false;
  const report = (_where: string, error: unknown): void => {
    if (told) return;
    told = true;
    const [reason = ""] = redact(messageOf(error), secretValues()).split("\n");
    process.stderr.write(`The wake-up of the workers failed (${reason}); they find the work within a minute.\n`);
  };
  // BullMQ is several hundred modules. Error messages about the command line must not wait for them.
  const { openQueues } = await import("../work/open-queues.js");
  return openQueues({ redisUrl, databaseUrl, log: commandLog(), report });
}
