import { z } from "zod";

/** The accounts that this App's writes appear under. */
export interface AppIdentity {
  readonly appId: bigint;
  /** The login of the App's bot user: `<slug>[bot]`. */
  readonly login: string;
}

/** The author of writes with the token of a workflow run. Source: GitHub Actions, 'Automatic token authentication'. */
export const ACTIONS_IDENTITY: AppIdentity = { appId: 15368n, login: "github-actions[bot]" };

const Authored = z.object({
  user: z.object({ login: z.string(), type: z.string() }).nullish(),
  performed_via_github_app: z.object({ id: z.coerce.bigint() }).nullish(),
});

/** Whether this App wrote a comment, review or issue. The marker alone proves nothing, because anyone can copy it. */
export function isOurs(written: unknown, identity: AppIdentity): boolean {
  const { user, performed_via_github_app: app } = Authored.safeParse(written).data ?? {};
  if (user?.type !== "Bot" || user.login.toLowerCase() !== identity.login.toLowerCase()) return false;
  return !app || app.id === identity.appId;
}
