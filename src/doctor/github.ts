import { z } from "zod";
import type { Config } from "../config.js";
import type { Clock } from "../domain.js";
import { kindOf, messageOf } from "../errors.js";
import type { GitHubClient } from "../github/client.js";
import { missingEvents, missingPermissions } from "../health/permissions.js";
import { redact } from "../log.js";
import { WEBHOOK_PATHS } from "../inbox/inbox.js";
import { type Finding, ok, problem, unknown } from "./check.js";
import type { Manifest } from "../config/manifest.js";

const App = z.object({ slug: z.string(), permissions: z.record(z.string(), z.string()), events: z.array(z.string()) });
const Hook = z.object({
  url: z.string().nullish(),
  content_type: z.string().nullish(),
  insecure_ssl: z.coerce.string().nullish(),
});

/** GitHub tolerates a JWT issued up to a minute ahead of its own clock. */
const SKEW_MS = 30_000;

/** Whether GitHub accepts the App's key, and whether its permissions and events match `app.yml`. */
export async function checkApp(
  app: GitHubClient,
  manifest: Manifest,
  { apiUrl }: Config["github"],
): Promise<readonly Finding[]> {
  try {
    const { slug, permissions, events } = App.parse((await app.rest("GET /app")).data);
    return [
      ok("GitHub App", `GitHub accepts the key of ${slug}`),
      permissionsOf(permissions, manifest),
      eventsOf(events, manifest),
    ];
  } catch (error) {
    const { variable, problem: why, remedy } = refusalOf(error, apiUrl);
    return [problem("GitHub App", `${variable} ${why}`, remedy)];
  }
}

/** The cause of the App's failed call, and the remedy. */
export function refusalOf(error: unknown, apiUrl: string) {
  const why = redact(messageOf(error));
  if (["authentication", "forbidden", "gone"].includes(kindOf(error)))
    return {
      variable: "GitHub",
      problem: `refuses APP_ID and the private key: ${why}`,
      remedy: "Compare APP_ID with the App's settings page, and generate a new private key there if in doubt.",
    };
  const remedy = `Check that this machine reaches ${apiUrl} (GITHUB_API_URL, GHE_HOST, a proxy, NODE_EXTRA_CA_CERTS).`;
  return { variable: "GitHub's API", problem: `cannot be reached: ${why}`, remedy };
}

function permissionsOf(granted: Readonly<Record<string, string>>, { default_permissions: wanted }: Manifest): Finding {
  const missing = missingPermissions(granted, wanted);
  if (missing.length === 0) return ok("permissions", "the App has every permission of app.yml");
  return problem(
    "permissions",
    `the App lacks ${missing.join(", ")}`,
    "Grant them under 'Permissions & events' of the App's settings. Then an owner of every organisation must accept them.",
  );
}

/** Apps from before the event was in `app.yml` are not subscribed to it. */
const RERUN = " Without check_suite, 'Re-run all checks' on GitHub repeats nothing.";

function eventsOf(subscribed: readonly string[], { default_events: wanted }: Manifest): Finding {
  const missing = missingEvents(subscribed, wanted);
  if (missing.length === 0) return ok("events", "the App is subscribed to every event of app.yml");
  return problem(
    "events",
    `the App is not subscribed to ${missing.join(", ")}`,
    `Subscribe under 'Permissions & events' of the App's settings.${missing.includes("check_suite") ? RERUN : ""}`,
  );
}

/** The webhook's URL and its TLS verification. */
export async function checkHook(app: GitHubClient, publicUrl: string | undefined): Promise<readonly Finding[]> {
  try {
    const hook = Hook.parse((await app.rest("GET /app/hook/config")).data);
    return [hookUrl(hook.url ?? "", publicUrl), ...hookForm(hook)];
  } catch (error) {
    return [unknown("webhook", `cannot reach GitHub: ${redact(messageOf(error))}`)];
  }
}

function hookUrl(url: string, publicUrl: string | undefined): Finding {
  const settings = "under 'Webhook' of the App's settings";
  if (url === "")
    return problem("webhook", "the App has no webhook URL", `Set it to <PUBLIC_URL>${WEBHOOK_PATHS[0]} ${settings}.`);
  if (!publicUrl) return unknown("webhook", `it points to ${url}; set PUBLIC_URL to compare`);
  const ours = WEBHOOK_PATHS.map((path) => new URL(path, publicUrl).href);
  if (ours.includes(url)) return ok("webhook", `it points to ${url}`);
  return problem("webhook", `it points to ${url}, not to this server`, `Set it to ${ours[0]} ${settings}.`);
}

function hookForm({ insecure_ssl }: z.infer<typeof Hook>): readonly Finding[] {
  if (insecure_ssl !== "1") return [];
  const remedy = "Enable SSL verification under 'Webhook' of the App's settings.";
  return [problem("webhook", "GitHub delivers without verifying the certificate of this server", remedy)];
}

/** A wrong clock makes GitHub refuse the App's tokens. Compares with the `Date` header of any answer. */
export async function checkClock(apiUrl: string, clock: Clock): Promise<Finding> {
  try {
    const response = await fetch(`${apiUrl}/meta`, { method: "HEAD", signal: AbortSignal.timeout(10_000) });
    const theirs = Date.parse(response.headers.get("date") ?? "");
    const skew = clock.now().getTime() - theirs;
    if (!Number.isFinite(skew)) return unknown("clock", "GitHub's answer has no date");
    if (Math.abs(skew) <= SKEW_MS) return ok("clock", "this machine's clock agrees with GitHub's");
    const detail = `this machine's clock is ${Math.round(Math.abs(skew) / 1000)} s ${skew > 0 ? "ahead of" : "behind"} GitHub's`;
    return problem("clock", detail, "Synchronise the clock (chrony, systemd-timesyncd).");
  } catch (error) {
    return unknown("clock", `cannot reach GitHub: ${redact(messageOf(error))}`);
  }
}
