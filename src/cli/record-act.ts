import { userInfo } from "node:os";
import { type Act, recordAct } from "../store/people/audit.js";
import type { Sql } from "../store/store.js";

/** Records a command's changes under the account of this machine that ran it. */
export async function recordCommand(
  sql: Sql,
  act: Pick<Act, "installationId" | "action" | "target" | "detail">,
): Promise<void> {
  await recordAct(sql, { ...act, userId: null, login: account(), via: "cli" }, new Date());
}

/** In a container the user id may have no name. */
function account(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? "unknown"}`;
  }
}
