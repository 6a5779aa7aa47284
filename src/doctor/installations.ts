import type { Manifest } from "../config/manifest.js";
import { messageOf } from "../errors.js";
import type { GitHubClient } from "../github/client.js";
import { installationAuthentication } from "../health/checks/authentication.js";
import { type ListedInstallation, listInstallations } from "../jobs/health/read-app.js";
import { redact } from "../log.js";
import { type Finding, ok, problem, unknown } from "./check.js";

const CHECK = "installations";

/** Whether the App is installed, and whether each account accepted the permissions and events of `app.yml`. */
export async function checkInstallations(
  app: Pick<GitHubClient, "pages">,
  manifest: Manifest,
  serverUrl: string,
): Promise<readonly Finding[]> {
  let listed: ReadonlyMap<bigint, ListedInstallation>;
  try {
    listed = await listInstallations(app);
  } catch (error) {
    return [unknown(CHECK, `cannot reach GitHub: ${redact(messageOf(error))}`)];
  }
  if (listed.size === 0)
    return [
      problem(
        CHECK,
        "the App is not installed on any organisation",
        "Install it under 'Install App' of the App's settings.",
      ),
    ];
  const wanted = { permissions: manifest.default_permissions, events: manifest.default_events };
  const problems = [...listed].flatMap(([id, value]) => {
    const { account, accountType } = value;
    const who = { installationId: id, account: account ?? String(id), accountType, serverUrl };
    const { level, reason, remedy } = installationAuthentication(
      { listed: { ok: true, value, seconds: 0 }, call: null, who },
      wanted,
    );
    return level?.state === "healthy" || remedy === null ? [] : [problem(CHECK, reason, remedy)];
  });
  return problems.length > 0
    ? problems
    : [ok(CHECK, `${listed.size} installed; all permissions of app.yml are accepted`)];
}
