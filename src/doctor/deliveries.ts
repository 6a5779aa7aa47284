import { DEFAULT_BANDS } from "../config/health-bands.js";
import type { Clock } from "../domain.js";
import type { GitHubClient } from "../github/client.js";
import { webhooks } from "../health/checks/webhooks.js";
import { ask } from "../jobs/health/ask.js";
import { attemptsOf } from "../jobs/health/read-app.js";
import { type Finding, ok, problem, unknown } from "./check.js";

const CHECK = "deliveries";
/** Where GitHub delivers to has a check of its own. */
const ANYWHERE = { ok: true, value: { url: "", verifiesTls: true }, seconds: 0 } as const;

/** Whether what GitHub delivered lately was taken: a wrong secret and an unreachable server show here and nowhere else. */
export async function checkDeliveries(app: Pick<GitHubClient, "rest">, clock: Clock): Promise<Finding> {
  const attempts = await ask(clock, async () =>
    attemptsOf((await app.rest("GET /app/hook/deliveries", { per_page: 100 })).data),
  );
  const { level, reason, remedy } = webhooks({ hook: ANYWHERE, ours: [], attempts }, DEFAULT_BANDS, clock.now());
  if (level === null) return unknown(CHECK, reason);
  return level.state === "healthy" || remedy === null ? ok(CHECK, reason) : problem(CHECK, reason, remedy);
}
