import { createHmac } from "node:crypto";
import { afterEach, expect, test } from "vitest";
import { closeAll, startReceiver, startShop, tokenOf } from "./testing.js";

afterEach(closeAll);

test("an App signs in, gets a token and reads the repositories of its installation", async () => {
  const { octokit, github } = await startShop();
  await github.control.apply("createRepository", { repository: "other/hidden" });
  const { data } = await octokit.request("GET /installation/repositories");
  expect(data.repositories.map((each) => each.full_name)).toEqual(["acme/shop"]);
  await expect(octokit.request("GET /repos/other/hidden")).rejects.toMatchObject({ status: 404 });
});

test("a change is delivered signed, and a redelivery keeps its GUID", async () => {
  const { github, app } = await startShop();
  const { url, received } = await startReceiver();
  await github.control.run("webhook", { url });
  await github.control.apply("openPull", { repository: "acme/shop", title: "Add a cart" });
  await github.control.run("idle", {});
  expect(received.map((each) => each.headers["x-github-event"])).toEqual(["pull_request"]);
  const [first] = received;
  const signature = createHmac("sha256", github.webhookSecret)
    .update(first?.body ?? "")
    .digest("hex");
  expect(first?.headers["x-hub-signature-256"]).toBe(`sha256=${signature}`);
  expect(first?.headers["x-github-hook-installation-target-id"]).toBe(String(github.appId));

  const { data } = await app.request("GET /app/hook/deliveries", { per_page: 1 });
  const [newest] = data;
  await app.request("POST /app/hook/deliveries/{delivery_id}/attempts", { delivery_id: Number(newest?.id) });
  await github.control.run("idle", {});
  expect(received[1]?.headers["x-github-delivery"]).toBe(first?.headers["x-github-delivery"]);
  expect(received[1]?.body).toBe(first?.body);
  const after = await app.request("GET /app/hook/deliveries", { per_page: 1 });
  expect(after.data[0]).toMatchObject({ guid: newest?.guid, redelivery: true, status_code: 202 });
  expect(after.data[0]?.id).not.toBe(newest?.id);
});

test("deliveries are paged by a cursor down to the oldest", async () => {
  const { github, app } = await startShop();
  for (let index = 0; index < 5; index += 1) {
    await github.control.apply("openIssue", { repository: "acme/shop", title: `Issue ${index}` });
  }
  await github.control.run("idle", {});
  const guids: string[] = [];
  let cursor: string | undefined;
  for (let pages = 0; pages < 10; pages += 1) {
    const page = await app.request("GET /app/hook/deliveries", {
      per_page: 2,
      ...(cursor === undefined ? {} : { cursor }),
    });
    guids.push(...page.data.map((each) => each.guid));
    cursor = /cursor=([^&>]+)/.exec(page.headers.link ?? "")?.[1];
    if (cursor === undefined) break;
  }
  expect(guids).toHaveLength(6);
  expect(new Set(guids).size).toBe(6);
});

test("a token expires, and a token of a suspended installation is refused", async () => {
  const shop = await startShop({ tokenLifetimes: { installation: 0.2 } });
  const { github, installation } = shop;
  const read = (token: string) =>
    fetch(`${github.url}/installation/repositories`, { headers: { authorization: `Bearer ${token}` } });
  const token = await tokenOf(shop);
  expect((await read(token)).status).toBe(200);
  await expect.poll(async () => (await read(token)).status).toBe(401);
  const fresh = await tokenOf(shop);
  await github.control.apply("suspendInstallation", { installation });
  expect((await read(fresh)).status).toBe(403);
});

test.each([
  ["expired", { iat: -1000, exp: -400 }],
  ["too long", { iat: 0, exp: 3600 }],
  ["from the future", { iat: 300, exp: 600 }],
])("a JWT that is %s is refused", async (_name, { iat, exp }) => {
  const { github } = await startShop();
  const { createSign } = await import("node:crypto");
  const now = Math.floor(Date.now() / 1000);
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const text = `${part({ alg: "RS256", typ: "JWT" })}.${part({ iat: now + iat, exp: now + exp, iss: github.appId })}`;
  const signature = createSign("RSA-SHA256").update(text).sign(github.privateKey, "base64url");
  const response = await fetch(`${github.url}/app`, { headers: { authorization: `Bearer ${text}.${signature}` } });
  expect(response.status).toBe(401);
});

test("an unchanged answer is a 304 and costs nothing", async () => {
  const { octokit } = await startShop();
  const first = await octokit.request("GET /repos/acme/shop");
  const again = octokit.request("GET /repos/acme/shop", { headers: { "if-none-match": first.headers.etag } });
  await expect(again).rejects.toMatchObject({ status: 304 });
  const { headers } = await octokit.request("GET /repos/acme/shop");
  expect(Number(headers["x-ratelimit-used"])).toBe(Number(first.headers["x-ratelimit-used"]) + 1);
});

test("answers 501 with the name of an unsupported call", async () => {
  const { octokit, github } = await startShop();
  await expect(octokit.request("GET /repos/acme/shop/traffic/views")).rejects.toMatchObject({ status: 501 });
  const query = `{ repository(owner: "acme", name: "shop") { hasWikiEnabled } }`;
  await expect(octokit.request("POST /graphql", { query })).rejects.toMatchObject({ status: 501 });
  const search = `{ search(query: "involves:me", type: ISSUE, first: 1) { issueCount } }`;
  await expect(octokit.request("POST /graphql", { query: search })).rejects.toMatchObject({ status: 501 });
  const { unhandled } = await github.control.run("counters", {});
  expect(Object.keys(unhandled)).toEqual([
    "GET /repos/acme/shop/traffic/views",
    "graphql Repository.hasWikiEnabled",
    "graphql search involves:me",
  ]);
  // Every test fails of it, unless it says that it was meant.
  await expect(github.close()).rejects.toThrow("GET /repos/acme/shop/traffic/views; graphql Repository.hasWikiEnabled");
  github.simulation.log.clear();
});

test("one status of a deployment is read by its id", async () => {
  const { octokit, github } = await startShop();
  const { id: deployment = 0 } = await github.control.apply("createDeployment", {
    repository: "acme/shop",
    ref: "main",
  });
  await github.control.apply("setDeploymentStatus", { deployment, state: "in_progress" });
  const { id: status = 0 } = await github.control.apply("setDeploymentStatus", { deployment, state: "success" });
  const where = `GET /repos/acme/shop/deployments/${deployment}/statuses`;
  expect((await octokit.request(`${where}/${status}`)).data).toMatchObject({ id: status, state: "success" });
  await expect(octokit.request(`${where}/1`)).rejects.toMatchObject({ status: 404 });
});

test("renamed is 301, gone 410, empty 409, blocked 451, archived read-only, no permission 403", async () => {
  const shop = await startShop();
  const { octokit, github, installation } = shop;
  const { control } = github;
  await control.apply("createRepository", { repository: "acme/empty", empty: true });
  await control.apply("createRepository", { repository: "acme/bad" });
  await control.apply("blockRepository", { repository: "acme/bad", blocked: "legal" });
  await control.apply("createRepository", { repository: "acme/old" });
  const { number = 0 } = await control.apply("openIssue", { repository: "acme/old", title: "Gone" });
  await control.apply("deleteIssue", { repository: "acme/old", number });
  await control.apply("archiveRepository", { repository: "acme/old" });
  await control.apply("renameRepository", { repository: "acme/shop", name: "store" });
  const status = async (path: string, method = "GET"): Promise<unknown> => {
    const answer = await octokit
      .request(`${method} ${path}`, { request: { redirect: "manual" }, body: "x", title: "x" })
      .catch((error: unknown) => error);
    return typeof answer === "object" && answer !== null && "status" in answer ? answer.status : answer;
  };
  expect(await status("/repos/acme/shop")).toBe(301);
  expect(await status("/repos/acme/empty/commits")).toBe(409);
  expect(await status("/repos/acme/bad")).toBe(451);
  expect(await status(`/repos/acme/old/issues/${number}`)).toBe(410);
  expect(await status("/repos/acme/old/issues", "POST")).toBe(403);
  await control.apply("acceptPermissions", { installation, permissions: { metadata: "read" } });
  const headers = { authorization: `Bearer ${await tokenOf(shop)}` };
  expect((await fetch(`${github.url}/repos/acme/store`, { headers })).status).toBe(200);
  expect((await fetch(`${github.url}/repos/acme/store/issues`, { headers })).status).toBe(403);
});

test("the web flow minds state and PKCE, and refreshes once", async () => {
  const { github } = await startShop();
  const { createHash } = await import("node:crypto");
  const verifier = "v".repeat(50);
  const challenge = createHash("sha256").update(verifier).digest("base64url");
  const page = new URL(`${github.url}/login/oauth/authorize`);
  page.search = new URLSearchParams({
    client_id: github.clientId,
    redirect_uri: "http://localhost/callback",
    state: "s1",
    code_challenge: challenge,
    code_challenge_method: "S256",
  }).toString();
  const exchange = async (fields: { [name: string]: string }): Promise<string> => {
    const body = new URLSearchParams({ client_id: github.clientId, client_secret: github.clientSecret, ...fields });
    return (await fetch(`${github.url}/login/oauth/access_token`, { method: "POST", body })).text();
  };
  const code = async (): Promise<string> => {
    const { headers } = await fetch(page, { redirect: "manual" });
    const back = new URL(headers.get("location") ?? "");
    expect(back.searchParams.get("state")).toBe("s1");
    return back.searchParams.get("code") ?? "";
  };
  expect(await exchange({ code: await code(), code_verifier: "wrong" })).toContain("bad_verification_code");
  const granted = await exchange({ code: await code(), code_verifier: verifier });
  const token = /"access_token":"([^"]+)"/.exec(granted)?.[1] ?? "";
  const refresh = /"refresh_token":"([^"]+)"/.exec(granted)?.[1] ?? "";
  const me = await fetch(`${github.url}/user`, { headers: { authorization: `Bearer ${token}` } });
  expect(await me.text()).toContain('"login":"octocat"');
  expect(await exchange({ grant_type: "refresh_token", refresh_token: refresh })).toContain("access_token");
  expect(await exchange({ grant_type: "refresh_token", refresh_token: refresh })).toContain("bad_refresh_token");
});
