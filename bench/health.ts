import { setTimeout as wait } from "node:timers/promises";
import type { LoggedCall } from "../simulator/server/call-log.js";
import { HEALTH_EVERY_MS, SPREAD } from "../src/host/health.js";
import { healthPass } from "../src/jobs/health/pass.js";
import { createLog } from "../src/log.js";
import { withTemporary } from "../src/store/embedded/temporary.js";
import { migrate } from "../src/store/migrate.js";
import { openStore } from "../src/store/store.js";
import { healthSetting, type HealthSetting } from "../test/health/setting.js";

type Report = (figure: Record<string, unknown>) => void;

const INSTALLATIONS = 500;
const LATENCY_MS = 2_000;

/** What a health pass over many installations costs and how long it takes, with a GitHub that takes 2 s for a call. */
export async function run(report: Report): Promise<void> {
  const log = createLog({ level: "warn" });
  await withTemporary({ prefix: "companyos-bench-", log, durable: true }, async (url) => {
    await migrate(url, { log });
    const store = openStore({ url, poolSize: 10, applicationName: "companyos bench" });
    const setting = await healthSetting(store, { accounts: INSTALLATIONS });
    try {
      await setting.github.control.run("faults", { latencyMs: LATENCY_MS });
      // The first pass needs a token for each installation, as one pass in twelve does.
      await measure(report, setting, "spread over the period, with tokens to make", SPREAD.overMs);
      await measure(report, setting, "as fast as 16 at once allow, tokens at hand", 0);
    } finally {
      await setting.github.close();
      await store.close();
    }
  });
}

async function measure(report: Report, { github, pass }: HealthSetting, what: string, overMs: number): Promise<void> {
  const { log } = github.simulation;
  log.clear();
  const sleep = (ms: number, signal: AbortSignal): Promise<void> => wait(ms, undefined, { signal });
  const began = performance.now();
  const { installations } = await healthPass(
    { ...pass, spread: { ...SPREAD, overMs, sleep } },
    new AbortController().signal,
  );
  const seconds = (performance.now() - began) / 1000;
  const charged = log.calls().filter(({ status }) => status !== 304);
  const own = charged.filter((call) => !isAppLevel(call));
  report({
    bench: "health pass",
    what,
    installations,
    latency_ms: LATENCY_MS,
    seconds: Math.round(seconds * 10) / 10,
    period_seconds: HEALTH_EVERY_MS / 1000,
    within_period: seconds * 1000 < HEALTH_EVERY_MS,
    requests_per_installation: own.length / installations,
    app_level_requests: charged.length - own.length,
  });
}

/** Calls that a pass makes whatever the number of installations; their list has a page for each hundred. */
function isAppLevel({ path }: LoggedCall): boolean {
  return /^\/app(?:$|\?|\/hook\/|\/installations(?:\?|$))/.test(path);
}
