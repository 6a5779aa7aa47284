import { afterEach, describe, expect, it } from "vitest";
import { withDatabase } from "../support/database.js";
import { ADMIN_TOKEN, Browser, mirror, openSite, ORIGIN, startAcme, TestClock } from "./setting.js";

const { store } = await withDatabase({ poolSize: 8 });
const HOUR = 3_600_000;

afterEach(async () => {
  await store.sql.query(
    "TRUNCATE user_tokens, sessions, oauth_states, api_tokens, audit_log, installations, repositories",
  );
});

async function signedIn(login = "ada") {
  const { github, installation } = await startAcme();
  await mirror(store, github);
  const clock = new TestClock();
  const site = openSite(store, github, { clock });
  const browser = new Browser();
  await browser.signIn(site, login);
  const csrf = String((await browser.who(site))?.["csrf"]);
  return { github, installation, clock, site, browser, csrf };
}

const acts = async (): Promise<readonly unknown[]> =>
  (await store.sql.query("SELECT action FROM audit_log ORDER BY id")).map((row) => row["action"]);

describe("a session", () => {
  it("ends after 12 hours without use", async () => {
    const { clock, site, browser } = await signedIn();
    clock.advance(11 * HOUR);
    expect(await browser.who(site)).toMatchObject({ login: "ada" });
    clock.advance(11 * HOUR);
    expect(await browser.who(site)).toMatchObject({ login: "ada" });
    clock.advance(12 * HOUR);
    expect(await browser.who(site)).toBeNull();
    expect(await store.sql.query("SELECT 1 FROM sessions")).toEqual([]);
  });

  it("ends after seven days, however often it is used", async () => {
    const { clock, site, browser } = await signedIn();
    for (let hours = 0; hours < 7 * 24 - 11; hours += 11) {
      clock.advance(11 * HOUR);
      expect(await browser.who(site)).not.toBeNull();
    }
    clock.advance(11 * HOUR);
    expect(await browser.who(site)).toBeNull();
  });

  it("has a new secret after each sign-in: a planted or older one is invalid", async () => {
    const { site, browser } = await signedIn();
    const before = new Map(browser.cookies);
    await browser.signIn(site, "ada");
    expect(browser.cookies.get("__Host-companyos")).not.toBe(before.get("__Host-companyos"));
    const thief = new Browser();
    for (const [name, value] of before) thief.cookies.set(name, value);
    expect(await thief.who(site)).toBeNull();
    const planted = new Browser();
    planted.cookies.set("__Host-companyos", "P".repeat(43));
    await planted.signIn(site, "ada");
    expect(planted.cookies.get("__Host-companyos")).not.toBe("P".repeat(43));
  });

  it("is not found by a forged, cut, doubled or foreign cookie", async () => {
    const { site, browser } = await signedIn();
    const secret = browser.cookies.get("__Host-companyos") ?? "";
    for (const cookie of [
      `__Host-companyos=${secret.slice(1)}`,
      `__Host-companyos=${secret}; __Host-companyos=${"A".repeat(43)}`,
      `companyos=${secret}`,
      `__Host-companyos="${secret}"`,
      "__Host-companyos=' OR 1=1",
    ]) {
      const answer = await site.app.request(`${ORIGIN}/who`, { headers: { cookie } });
      expect([cookie.slice(0, 20), await answer.json()]).toEqual([cookie.slice(0, 20), null]);
    }
  });

  it("ends at sign-out, in this browser or in all of them, and each act is recorded", async () => {
    const { site, browser, csrf } = await signedIn();
    const other = new Browser();
    await other.signIn(site, "ada");
    const third = new Browser();
    await third.signIn(site, "ada");
    expect((await browser.ask(site, "/sign-out", browser.form({ csrf }))).status).toBe(303);
    expect([await browser.who(site), (await other.who(site))?.["login"]]).toEqual([null, "ada"]);
    const its = String((await other.who(site))?.["csrf"]);
    await other.ask(site, "/sign-out/everywhere", other.form({ csrf: its }));
    expect([await other.who(site), await third.who(site)]).toEqual([null, null]);
    expect(await acts()).toEqual(["session.begin", "session.begin", "session.begin", "session.end", "session.end-all"]);
  });

  it("of the operator ends after 30 minutes without use", async () => {
    const { clock, site } = await signedIn();
    const operator = new Browser();
    await operator.ask(site, "/sign-in", operator.form({ token: ADMIN_TOKEN }));
    clock.advance(29 * 60_000);
    expect(await operator.who(site)).not.toBeNull();
    clock.advance(30 * 60_000);
    expect(await operator.who(site)).toBeNull();
  });

  it("of the operator ends when ADMIN_TOKEN changes", async () => {
    const { github, site } = await signedIn();
    const operator = new Browser();
    await operator.ask(site, "/sign-in", operator.form({ token: ADMIN_TOKEN }));
    for (const token of [undefined, "another-admin-token-0002"])
      expect(await operator.who(openSite(store, github, { env: { ADMIN_TOKEN: token } }))).toBeNull();
  });
});

describe("a write is refused", () => {
  it.each([
    ["without a CSRF token", {}, {}],
    ["with a forged one", { csrf: "A".repeat(43) }, {}],
    ["from another site", null, { origin: "https://evil.example" }],
    ["that a browser says came from another site", null, { "sec-fetch-site": "cross-site" }],
    ["from a sandboxed page", null, { origin: "null" }],
  ])("%s", async (_name, fields, headers) => {
    const { site, browser, csrf } = await signedIn();
    const sent = fields ?? { csrf };
    for (const path of ["/sign-out", "/sign-out/everywhere", "/api/integrations/github/disconnect"]) {
      const answer = await browser.ask(site, path, browser.form({ ...sent }, { ...headers }));
      expect([path, answer.status]).toEqual([path, 403]);
    }
    expect(await browser.who(site)).toMatchObject({ login: "ada" });
  });

  it("with the CSRF token of another session", async () => {
    const { site, browser } = await signedIn();
    const mel = new Browser();
    await mel.signIn(site, "mel");
    const csrf = String((await mel.who(site))?.["csrf"]);
    expect((await browser.ask(site, "/sign-out", browser.form({ csrf }))).status).toBe(403);
  });
});

describe("disconnecting", () => {
  it("revokes the authorization at GitHub and deletes the person here", async () => {
    const { github, site, browser, csrf } = await signedIn();
    expect(github.simulation.tokens.users.size).toBe(1);
    await browser.ask(site, "/api/integrations/github/disconnect", browser.form({ csrf }));
    expect(github.simulation.tokens.users.size).toBe(0);
    for (const table of ["user_tokens", "sessions", "api_tokens"])
      expect([table, await store.sql.query(`SELECT 1 FROM ${table}`)]).toEqual([table, []]);
    expect(await browser.who(site)).toBeNull();
  });

  it("forgets the person also while GitHub is away", async () => {
    const { github, site, browser, csrf } = await signedIn();
    await github.control.run("faults", { serverError: 1 });
    await browser.ask(site, "/api/integrations/github/disconnect", browser.form({ csrf }));
    expect(await store.sql.query("SELECT 1 FROM user_tokens")).toEqual([]);
  });
});
