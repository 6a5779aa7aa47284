import { afterEach, expect, test } from "vitest";
import { closeAll, startShop, tokenOf } from "../testing.js";
import { CallerLimits, type Ask } from "./caller-limits.js";
import { hourly, LIMITS } from "./settings.js";

afterEach(closeAll);

const READ: Ask = { resource: "rest", cost: 1, minutePoints: 1, content: false };
const WRITE: Ask = { resource: "rest", cost: 1, minutePoints: 5, content: true };
const QUERY: Ask = { resource: "graphql", cost: 1, minutePoints: 1, content: false };
const DONE = { notModified: false, serverMs: 0 };
const HOUR = 3_600_000;

test("the hourly quota grows with repositories and users up to a cap", () => {
  expect(hourly("free", 10, 5)).toEqual({ rest: 5000, graphql: 5000 });
  expect(hourly("free", 30, 25).rest).toBe(5000 + 50 * 15);
  expect(hourly("free", 1000, 1000).rest).toBe(12_500);
  expect(hourly("enterprise-cloud", 1000, 1000)).toEqual({ rest: 15_000, graphql: 10_000 });
});

function spend(limits: CallerLimits, now: number, ask: Ask, serverMs = 0) {
  const refusal = limits.enter(now, ask);
  if (refusal === null) limits.leave(now, ask, { ...DONE, serverMs });
  return refusal;
}

test("900 REST points a minute: 900 reads or 180 writes", () => {
  const limits = new CallerLimits(LIMITS, HOUR);
  for (let index = 0; index < 900; index += 1) expect(spend(limits, index, READ)).toBeNull();
  expect(spend(limits, 900, READ)).toEqual({ limit: "rest-points-per-minute", waitMs: 59_100 });
  expect(spend(limits, 60_001, READ)).toBeNull();
});

test("80 content-creating requests a minute and 500 an hour", () => {
  const limits = new CallerLimits({ ...LIMITS, restPointsPerMinute: 100_000 }, HOUR);
  let made = 0;
  for (let minute = 0; minute < 10; minute += 1) {
    for (let index = 0; index < 100; index += 1) if (spend(limits, minute * 60_001, WRITE) === null) made += 1;
  }
  expect(made).toBe(500);
  expect(limits.usage.refused).toMatchObject({ "content-per-minute": 6 * 20 });
});

test("2,000 GraphQL points a minute, and 60 s of server time in 60 s", () => {
  const fast = new CallerLimits(LIMITS, HOUR);
  for (let index = 0; index < 2000; index += 1) expect(spend(fast, 0, QUERY)).toBeNull();
  expect(spend(fast, 0, QUERY)?.limit).toBe("graphql-points-per-minute");
  const slow = new CallerLimits(LIMITS, HOUR);
  for (let index = 0; index < 7; index += 1) expect(spend(slow, index * 100, QUERY, 10_000)).toBeNull();
  expect(spend(slow, 1000, QUERY)?.limit).toBe("graphql-seconds-per-minute");
});

test("100 under way at once", () => {
  const limits = new CallerLimits(LIMITS, HOUR);
  for (let index = 0; index < 100; index += 1) expect(limits.enter(0, READ)).toBeNull();
  expect(limits.enter(0, QUERY)?.limit).toBe("concurrent");
  limits.leave(0, READ, DONE);
  expect(limits.enter(0, QUERY)).toBeNull();
});

test("an hour can be short, and all windows with it", () => {
  const limits = new CallerLimits({ ...LIMITS, restPerHour: 10 }, 3600);
  for (let index = 0; index < 10; index += 1) expect(spend(limits, 0, READ)).toBeNull();
  expect(spend(limits, 0, READ)).toEqual({ limit: "primary-rest", waitMs: 3600 });
  expect(spend(limits, 3600, READ)).toBeNull();
});

test("a spent quota is a 403 with the headers, and errors in an answer 200 for GraphQL", async () => {
  const shop = await startShop({ limits: { limits: { restPerHour: 3, graphqlPerHour: 1 } } });
  const headers = { authorization: `Bearer ${await tokenOf(shop)}` };
  const read = () => fetch(`${shop.github.url}/repos/acme/shop`, { headers });
  for (let index = 0; index < 3; index += 1) expect((await read()).status).toBe(200);
  const refused = await read();
  expect(refused.status).toBe(403);
  expect(refused.headers.get("x-ratelimit-remaining")).toBe("0");
  expect(Number(refused.headers.get("x-ratelimit-reset"))).toBeGreaterThan(Date.now() / 1000);
  expect(await refused.text()).toContain("API rate limit exceeded");
  const query = () =>
    fetch(shop.github.graphqlUrl, { method: "POST", headers, body: '{"query":"{ rateLimit { remaining } }"}' });
  expect(await (await query()).text()).toContain('"remaining":0');
  const limited = await query();
  expect(limited.status).toBe(200);
  expect(await limited.text()).toContain("RATE_LIMITED");
});

test("a secondary limit is a 403 with retry-after, and is counted", async () => {
  const shop = await startShop({ limits: { limits: { contentPerMinute: 2 } } });
  const write = () => shop.octokit.request("POST /repos/acme/shop/issues", { title: "One more" });
  await write();
  await write();
  const refused = await write().catch((error: unknown) => error);
  expect(refused).toMatchObject({ status: 403, response: { headers: { "retry-after": "60" } } });
  expect(refused).toHaveProperty("message", expect.stringContaining("secondary rate limit"));
  const { callers } = await shop.github.control.run("counters", {});
  expect(callers[`installation ${shop.installation}`]?.refused).toEqual({ "content-per-minute": 1 });
});
