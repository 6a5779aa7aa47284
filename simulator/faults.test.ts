import { afterEach, expect, test } from "vitest";
import { closeAll, startReceiver, startShop, tokenOf } from "./testing.js";

afterEach(closeAll);

const statusOf = (error: unknown): unknown =>
  typeof error === "object" && error !== null && "status" in error ? error.status : null;

test("5xx in place of an answer, only where it is planned", async () => {
  const { octokit, github } = await startShop();
  await octokit.request("GET /repos/acme/shop");
  await github.control.run("faults", { planned: [{ match: "/issues", kind: "status", status: 503, times: 1 }] });
  await octokit.request("GET /repos/acme/shop");
  await expect(octokit.request("GET /repos/acme/shop/issues")).rejects.toMatchObject({ status: 503 });
  await octokit.request("GET /repos/acme/shop/issues");
  await github.control.run("faults", { serverError: 1 });
  const error: unknown = await octokit.request("GET /repos/acme/shop").catch((failed: unknown) => failed);
  expect([500, 502, 503]).toContain(statusOf(error));
});

test("502 and RESOURCE_LIMITS_EXCEEDED above a number of nodes", async () => {
  const { octokit, github } = await startShop();
  const query = (first: number) =>
    octokit.request("POST /graphql", {
      query: `{ repository(owner: "acme", name: "shop") { issues(first: ${first}) { totalCount } } }`,
    });
  await github.control.run("faults", { badGatewayAboveNodes: 50 });
  await expect(query(51)).rejects.toMatchObject({ status: 502 });
  expect((await query(50)).status).toBe(200);
  await github.control.run("faults", { resourceLimitAboveNodes: 50 });
  expect(JSON.stringify((await query(51)).data)).toContain("RESOURCE_LIMITS_EXCEEDED");
});

test("an HTML page of a balancer, and a GraphQL error beside status 200", async () => {
  const { octokit, github } = await startShop();
  const query = () => octokit.request("POST /graphql", { query: "{ viewer { login } }" });
  await github.control.run("faults", {
    planned: [
      { match: "/repos", kind: "html", times: 1 },
      { match: "/graphql", kind: "graphql-error", type: "SERVICE_UNAVAILABLE", times: 1 },
      { match: "/graphql", kind: "graphql-error", times: 1 },
    ],
  });
  const page = await octokit.request("GET /repos/acme/shop");
  expect(page.headers["content-type"]).toBe("text/html; charset=utf-8");
  expect((await query()).data).toMatchObject({ data: null, errors: [{ type: "SERVICE_UNAVAILABLE" }] });
  expect(JSON.stringify((await query()).data)).not.toContain('"type"');
});

test("resets and timeouts", async () => {
  const { github } = await startShop();
  await github.control.run("faults", { reset: 1 });
  await expect(fetch(`${github.url}/meta`)).rejects.toThrow("fetch failed");
  await github.control.run("faults", { timeout: 1 });
  await expect(fetch(`${github.url}/meta`, { signal: AbortSignal.timeout(100) })).rejects.toThrow("timeout");
});

test("a fresh token answers 401 at first", async () => {
  const shop = await startShop();
  await shop.github.control.run("faults", { freshTokenUnauthorizedMs: 200 });
  const headers = { authorization: `Bearer ${await tokenOf(shop)}` };
  const read = async () => (await fetch(`${shop.github.url}/repos/acme/shop`, { headers })).status;
  expect(await read()).toBe(401);
  await expect.poll(read).toBe(200);
});

test("a write is performed and its answer dropped", async () => {
  const shop = await startShop();
  const headers = { authorization: `Bearer ${await tokenOf(shop)}` };
  await shop.github.control.run("faults", { dropWriteAnswer: 1 });
  const body = JSON.stringify({ title: "Written" });
  await expect(fetch(`${shop.github.url}/repos/acme/shop/issues`, { method: "POST", headers, body })).rejects.toThrow(
    "fetch failed",
  );
  const { issues } = await shop.github.control.run("dump", {});
  expect(issues.map((each) => each.title)).toEqual(["Written"]);
});

test("deliveries are lost, acknowledged and lost, repeated, delayed and reordered", async () => {
  const { github } = await startShop({ deliveryConcurrency: 1 });
  const { control, simulation } = github;
  const { url, received } = await startReceiver();
  await control.run("webhook", { url });
  const change = async (count: number) => {
    received.length = 0;
    for (let index = 0; index < count; index += 1) {
      await control.apply("openIssue", { repository: "acme/shop", title: `Issue ${index}` });
    }
  };
  await control.run("faults", { deliveryLost: 1 });
  await change(1);
  await control.run("idle", {});
  expect(received).toHaveLength(0);
  expect(simulation.deliveries.records.at(-1)?.statusCode).toBe(502);

  await control.run("faults", { deliveryAcknowledgedThenLost: 1 });
  await change(1);
  await control.run("idle", {});
  expect(received).toHaveLength(0);
  expect(simulation.deliveries.records.at(-1)?.statusCode).toBe(200);

  await control.run("faults", { deliveryRepeated: 1 });
  await change(1);
  await control.run("idle", {});
  expect(received).toHaveLength(2);
  expect(new Set(received.map((each) => each.headers["x-github-delivery"])).size).toBe(1);

  await control.run("faults", { deliveryDelayed: 1, deliveryDelayMs: 100 });
  const started = performance.now();
  await change(1);
  await control.run("idle", {});
  expect(received).toHaveLength(1);
  expect(performance.now() - started).toBeGreaterThan(95);

  await control.run("faults", { deliveryReordered: 1, seed: 2 });
  await change(0);
  await control.run("random", { seed: 1, count: 30, tieRate: 0 });
  await control.run("idle", {});
  const sent = simulation.deliveries.records.slice(-received.length).map((each) => each.guid);
  const got = received.map((each) => each.headers["x-github-delivery"]);
  expect(got).not.toEqual(sent);
  expect(new Set(got)).toEqual(new Set(sent));
});

test("a receiver that fails or is too slow is recorded so, and is not tried again", async () => {
  const { github } = await startShop();
  const { url, received } = await startReceiver(500);
  await github.control.run("webhook", { url });
  await github.control.apply("openIssue", { repository: "acme/shop", title: "x" });
  await github.control.run("idle", {});
  expect(received).toHaveLength(1);
  expect(github.simulation.deliveries.records.at(-1)).toMatchObject({ statusCode: 500 });
});
