import { describe, expect, it, test } from "vitest";
import {
  access,
  ago,
  attempt,
  bands,
  DAY,
  expiring,
  failed,
  HOOK,
  hooks,
  HOUR,
  LESS,
  NOW,
  ours,
  said,
  syncs,
  toSecret,
  WANTED,
} from "../../../test/health/readings.js";
import type { Reading } from "../reading.js";
import { appAuthentication } from "./authentication.js";
import { quota } from "./quota.js";
import { secrets } from "./secrets.js";
import { webhooks } from "./webhooks.js";

describe("a failed reading is no state", () => {
  test.each<readonly [string, Reading]>([
    ["the App, unreached", appAuthentication(failed("network"), WANTED)],
    ["an installation's list, unreached", access({ listed: failed("network"), call: null })],
    ["an installation, unreached", access({ call: failed("network") })],
    ["quota", quota({ quotas: failed("network") }, bands, NOW)],
    ["the hook", webhooks({ hook: failed("network"), ours, attempts: said([]) }, bands, NOW)],
    ["the deliveries", webhooks({ hook: said(HOOK), ours, attempts: failed("network") }, bands, NOW)],
    ["a certificate", secrets([failed("network")], bands, NOW) ?? expiring(0)],
  ])("%s", (_what, reading) => {
    expect(reading).toMatchObject({ level: null, remedy: null });
    expect(reading.reason).toMatch(/it said network/);
  });
});

describe("the reason names the observation, and the remedy fits it", () => {
  it.each([
    [401, /WEBHOOK_SECRET/],
    [502, /DNS/],
    [504, /DNS/],
    [503, /database/],
    [500, /'Advanced'/],
  ])("deliveries answered %i", (code, remedy) => {
    const reading = hooks(10, 10, code);
    expect(reading.reason).toContain(`10 of the last hour's 10 deliveries failed (100 %; ${code})`);
    expect(reading.remedy).toMatch(remedy);
  });

  it("names missing permissions, for the App and for an organisation that has not accepted them", () => {
    expect(appAuthentication(said({ slug: "us", ...LESS }), WANTED).reason).toBe(
      "the App lacks issues: write, the event issues",
    );
    const pending = access({ listed: said({ ...LESS, suspended: false }) });
    expect(pending.reason).toBe("acme has not granted issues: write, the event issues");
    expect(pending.remedy).toContain("https://github.test/organizations/acme/settings/installations/7");
  });

  it("shows the forecast, and judges by the worst limit", () => {
    const resetAt = new Date(NOW.getTime() + 1_800_000);
    const two = quota(
      {
        quotas: said([
          { name: "REST", limit: 5_000, remaining: 5_000, resetAt },
          { name: "GraphQL", limit: 5_000, remaining: 3_000, resetAt },
        ]),
      },
      bands,
      NOW,
    );
    expect(two).toMatchObject({ value: 0.6, level: { state: "healthy" } });
    expect(two.reason).toBe("GraphQL: 3000 of 5000 left (60 %), reset in 30 min, then 1000 left");
  });

  it("leaves older deliveries and open attempts out of the last hour", () => {
    const attempts = [attempt(ago(10), 0), attempt(ago(20), 202), attempt(ago(HOUR + 1), 502)];
    expect(webhooks({ hook: said(HOOK), ours, attempts: said(attempts) }, bands, NOW).value).toBe(0);
  });

  it("names the first expiry with its date, and counts the others", () => {
    expect(expiring(6 * DAY, 20 * DAY, 90 * DAY).reason).toBe(
      "token 0 expires in 6 days, on 2026-01-07, and 1 more soon",
    );
    expect(expiring(-3 * DAY).reason).toBe("token 0 expired 3 days ago, on 2025-12-29");
    expect(secrets([], bands, NOW)).toBeNull();
    expect(secrets([said([])], bands, NOW)).toBeNull();
  });

  it("reports an expiry even if another one cannot be read", () => {
    expect(secrets([failed("network"), said([toSecret(DAY)])], bands, NOW)?.level?.state).toBe("unhealthy");
    expect(secrets([failed("network"), said([toSecret(90 * DAY)])], bands, NOW)?.level).toBeNull();
  });

  it("names three repositories and counts the others", () => {
    const failing = ["a/5", "a/4", "a/3", "a/2", "a/1"].map((name, index) => ({ name, seconds: (index + 1) * HOUR }));
    expect(syncs({ failing }).reason).toContain(
      "5 repositories cannot be read: a/1, a/2, a/3 and 2 more, a/1 was last complete 5 h ago",
    );
  });
});
