import { DEFAULT_BANDS } from "../config/health-bands.js";
import type { Clock } from "../domain.js";
import type { GitHubClient } from "../github/client.js";
import { webhooks } from "../health/checks/webhooks.js";
import { readAttempts } from "../jobs/health/read-app.js";
import { type Finding, ok, problem, unknown } from "./check.js";

const CHECK = "deliveries";
/** The doctor reports even a single failure. */
const LEAST_FAILED = 1;
/** Another check examines the webhook's URL. */
const ANYWHERE = { ok: true, value: { url: "", verifiesTls: true }, seconds: 0 } as const;

/** Whether recent deliveries succeeded. Only this check reveals a wrong secret or an unreachable server. */
export async function checkDeliveries(app: Pick<GitHubClient, "rest">, clock: Clock): Promise<Finding> {
  const attempts = await readAttempts(app, clock);
  const facts = { hook: ANYWHERE, ours: [], attempts };
  const { level, reason, remedy } = webhooks(facts, DEFAULT_BANDS, clock.now(), LEAST_FAILED);
  if (level === null) return unknown(CHECK, reason);
  return level.state === "healthy" || remedy === null ? ok(CHECK, reason) : problem(CHECK, reason, remedy);
}
