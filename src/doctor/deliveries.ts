import { DEFAULT_BANDS } from "../config/health-bands.js";
import type { Clock } from "../domain.js";
import type { GitHubClient } from "../github/client.js";
import { webhooks } from "../health/checks/webhooks.js";
import { readAttempts } from "../jobs/health/read-app.js";
import { type Finding, ok, problem, unknown } from "./check.js";

const CHECK = "deliveries";
/** Whoever asks wants to know of a single one as well. */
const LEAST_FAILED = 1;
/** Where GitHub delivers to has a check of its own. */
const ANYWHERE = { ok: true, value: { url: "", verifiesTls: true }, seconds: 0 } as const;

/** Whether what GitHub delivered lately was taken: a wrong secret and an unreachable server show here and nowhere else. */
export async function checkDeliveries(app: Pick<GitHubClient, "rest">, clock: Clock): Promise<Finding> {
  const attempts = await readAttempts(app, clock);
  const facts = { hook: ANYWHERE, ours: [], attempts };
  const { level, reason, remedy } = webhooks(facts, DEFAULT_BANDS, clock.now(), LEAST_FAILED);
  if (level === null) return unknown(CHECK, reason);
  return level.state === "healthy" || remedy === null ? ok(CHECK, reason) : problem(CHECK, reason, remedy);
}
