import { afterEach, describe, expect, it } from "vitest";
import { withDatabase } from "../support/database.js";
import { ADMIN_TOKEN, Browser, mirror, openSite, ORIGIN, startAcme, TestClock } from "./setting.js";

const { store } = await withDatabase({ poolSize: 8 });

afterEach(async () => {
  await store.sql.query(
    "TRUNCATE user_tokens, sessions, oauth_states, api_tokens, audit_log, installations, repositories",
  );
});

async function acme() {
  const { github, installation } = await startAcme();
  await mirror(store, github);
  return { github, installation };
}

const tokensRow = async (): Promise<Record<string, unknown>> =>
  (await store.sql.query("SELECT * FROM user_tokens"))[0] ?? {};

describe("connecting an account", () => {
  it("returns the person to their page, signed in, with their access", async () => {
    const { github, installation } = await acme();
    const site = openSite(store, github);
    const ada = new Browser();
    const answer = await ada.signIn(site, "ada", "/activity?event=push#top");
    expect([answer.status, answer.headers.get("location")]).toEqual([302, "/activity?event=push#top"]);
    expect(await ada.who(site)).toMatchObject({
      kind: "user",
      login: "ada",
      operator: false,
      installations: [{ id: String(installation), account: "acme", role: "admin", repositories: "all" }],
    });
    const mel = new Browser();
    await mel.signIn(site, "mel");
    const { repositories } = github.simulation.organisation;
    const named = (name: string) => String([...repositories.values()].find((each) => each.name === name)?.id);
    expect(await mel.who(site)).toMatchObject({
      installations: [{ role: "member", repositories: [named("shop"), named("open")].sort() }],
    });
    const stranger = new Browser();
    await stranger.signIn(site, "eve");
    expect(await stranger.who(site)).toMatchObject({ login: "eve", installations: [] });
  });

  it("stores tokens encrypted, and secrets of browsers as hashes", async () => {
    const { github } = await acme();
    const site = openSite(store, github);
    const ada = new Browser();
    const path = await ada.agree(site, "ada");
    const begun = JSON.stringify(await store.sql.query("SELECT * FROM oauth_states"));
    await ada.ask(site, path);
    const [token] = github.simulation.tokens.users.values();
    const rows = JSON.stringify([
      await store.sql.query("SELECT * FROM user_tokens"),
      await store.sql.query("SELECT * FROM sessions"),
      await store.sql.query("SELECT * FROM audit_log"),
    ]);
    for (const secret of [token?.token, token?.refreshToken, ...ada.cookies.values()]) {
      expect(rows).not.toContain(secret);
      expect(begun).not.toContain(secret);
    }
    expect(String((await tokensRow())["access_token"])).toMatch(/^v1\.k1\.[\w-]+$/);
  });

  it("sets cookies that scripts and other sites do not get", async () => {
    const { github } = await acme();
    const site = openSite(store, github);
    const begun = await site.app.request(`${ORIGIN}/api/integrations/github/connect`);
    const path = await new Browser().agree(site, "ada");
    expect(begun.headers.getSetCookie()[0]).toMatch(
      /^__Host-companyos-sign-in=[\w-]{43}; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax; Secure$/,
    );
    expect(path).toContain("code=");
    const ada = new Browser();
    const signedIn = await ada.signIn(site, "ada");
    expect(signedIn.headers.getSetCookie()[0]).toMatch(
      /^__Host-companyos=[\w-]{43}; Max-Age=604800; Path=\/; HttpOnly; SameSite=Lax; Secure$/,
    );
  });

  it("works when one process begins it and another ends it", async () => {
    const { github } = await acme();
    const [first, second] = [openSite(store, github), openSite(store, github)];
    const ada = new Browser();
    const answer = await ada.ask(second, await ada.agree(first, "ada"));
    expect(answer.status).toBe(302);
    expect(await ada.who(first)).toMatchObject({ login: "ada" });
  });

  it("lets two tabs of one browser sign in at once", async () => {
    const { github } = await acme();
    const site = openSite(store, github);
    const ada = new Browser();
    const first = await ada.agree(site, "ada", "/one");
    const second = await ada.agree(site, "ada", "/two");
    const back = await ada.ask(site, first);
    expect(back.headers.get("location")).toBe("/one");
    expect((await new Browser().ask(site, second)).status).toBe(400);
  });

  it("reports what is missing when sign-in is off, and serves the rest", async () => {
    const { github } = await acme();
    const site = openSite(store, github, { env: { GITHUB_CLIENT_SECRET: undefined, ENCRYPTION_KEYS: undefined } });
    const off = await site.app.request(`${ORIGIN}/api/integrations/github/connect`);
    expect([off.status, await off.text()]).toEqual([
      503,
      expect.stringContaining("GITHUB_CLIENT_SECRET, ENCRYPTION_KEYS are not set"),
    ]);
    expect(await (await site.app.request(`${ORIGIN}/sign-in`)).text()).toContain("ADMIN_TOKEN");
  });
});

describe("a sign-in ends without a session when", () => {
  const cases = {
    "the state is missing": async (path: string) => path.replace(/state=[^&]*/, ""),
    "the state is forged": async (path: string) => path.replace(/state=[^&]*/, `state=${"A".repeat(43)}`),
    "the state is no text of ours": async (path: string) => path.replace(/state=[^&]*/, "state=%00'%3B--"),
    "the code is one that GitHub never gave": async (path: string) => path.replace(/code=[^&]*/, "code=0000"),
    "the code carries another parameter": async (path: string) => path.replace(/code=[^&]*/, "code=x%26client_id%3Dy"),
    "the person did not allow it": async (path: string) => path.replace(/code=[^&]*/, "error=access_denied"),
    "two codes were sent": async (path: string) => `${path}&code=again`,
  };
  it.each(Object.entries(cases))("%s", async (_name, change) => {
    const { github } = await acme();
    const site = openSite(store, github);
    const ada = new Browser();
    const answer = await ada.ask(site, await change(await ada.agree(site, "ada")));
    expect([400, 403]).toContain(answer.status);
    expect(await answer.text()).toMatch(/Start again/);
    expect([await ada.who(site), await tokensRow()]).toEqual([null, {}]);
  });

  it("the state was used before, is ten minutes old, or belongs to another browser", async () => {
    const { github } = await acme();
    const clock = new TestClock();
    const site = openSite(store, github, { clock });
    const ada = new Browser();
    const used = await ada.agree(site, "ada");
    const twin = new Browser();
    for (const [name, value] of ada.cookies) twin.cookies.set(name, value);
    await ada.ask(site, used);
    expect(await (await twin.ask(site, used)).text()).toContain("already used");
    const late = await ada.agree(site, "ada");
    clock.advance(10 * 60_000);
    expect(await (await ada.ask(site, late)).text()).toContain("more than ten minutes");
    const mine = await ada.agree(site, "ada");
    const eve = new Browser();
    expect(await (await eve.ask(site, mine)).text()).toContain("did not start in this browser");
    await eve.agree(site, "eve");
    const again = await ada.agree(site, "ada");
    expect(await (await eve.ask(site, again)).text()).toContain("started in another browser");
    expect(await eve.who(site)).toBeNull();
  });

  it("one state comes 20 times at once: one sign-in", async () => {
    const { github } = await acme();
    const site = openSite(store, github);
    const ada = new Browser();
    const path = await ada.agree(site, "ada");
    const cookie = [...ada.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const answers = await Promise.all(
      Array.from({ length: 20 }, async () => site.app.request(`${ORIGIN}${path}`, { headers: { cookie } })),
    );
    expect(answers.filter(({ status }) => status === 302)).toHaveLength(1);
  });

  it("GitHub is away", async () => {
    const { github } = await acme();
    const site = openSite(store, github);
    const ada = new Browser();
    const path = await ada.agree(site, "ada");
    await github.control.run("faults", { serverError: 1 });
    const answer = await ada.ask(site, path);
    expect([answer.status, await answer.text()]).toEqual([503, expect.stringContaining("GitHub does not answer")]);
    expect(await ada.who(site)).toBeNull();
  });
});

it.each([
  "//evil.example",
  "/\\evil.example",
  "\\evil.example",
  "https://evil.example",
  "/%2f/evil.example/..//evil.example",
  "/x/..//evil.example",
  "/\t/evil.example",
  "/\n/evil.example",
  "javascript:alert(1)",
  "/ok\r\nset-cookie: a=b",
  "",
])("never follows return_to=%j to another site", async (returnTo) => {
  const { github } = await acme();
  const site = openSite(store, github);
  const answer = await new Browser().signIn(site, "ada", returnTo);
  expect(new URL(answer.headers.get("location") ?? "", ORIGIN).origin).toBe(ORIGIN);
  expect(answer.headers.get("location")).not.toMatch(/^(\/\/|\/\\)/);
});

it("limits how fast one address may try ADMIN_TOKEN", async () => {
  const { github } = await acme();
  const site = openSite(store, github);
  const guess = (): Promise<Response> => new Browser().ask(site, "/sign-in", new Browser().form({ token: "wrong" }));
  const statuses: number[] = [];
  for (let tried = 0; tried < 7; tried++) statuses.push((await guess()).status);
  expect(statuses).toEqual([403, 403, 403, 403, 403, 429, 429]);
  site.clock.advance(31_000);
  expect((await guess()).status).toBe(403);
});

it("signs in the operator by ADMIN_TOKEN, who sees everything", async () => {
  const { github, installation } = await acme();
  const site = openSite(store, github);
  const browser = new Browser();
  const answer = await browser.ask(site, "/sign-in", browser.form({ token: ADMIN_TOKEN, return_to: "/sync" }));
  expect([answer.status, answer.headers.get("location")]).toEqual([303, "/sync"]);
  expect(await browser.who(site)).toMatchObject({
    kind: "admin-token",
    operator: true,
    installations: [{ id: String(installation), repositories: "all" }],
  });
});
