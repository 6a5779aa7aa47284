import { afterEach, describe, expect, it } from "vitest";
import { withDatabase } from "../support/database.js";
import { Browser, KEY, mirror, openSite, type Site, startAcme, TestClock } from "./setting.js";

const { store } = await withDatabase({ poolSize: 8 });
const MINUTE = 60_000;

afterEach(async () => {
  await store.sql.query(
    "TRUNCATE user_tokens, sessions, oauth_states, api_tokens, audit_log, installations, repositories",
  );
});

async function signedIn(login = "mel") {
  const { github, installation } = await startAcme();
  await mirror(store, github);
  const clock = new TestClock();
  const site = openSite(store, github, { clock });
  const browser = new Browser();
  await browser.signIn(site, login);
  const calls = async (name: string): Promise<number> => (await github.control.run("counters", {})).calls[name] ?? 0;
  return { github, installation, clock, site, browser, calls };
}

const ASKS = "GET /user/installations";
const REFRESHES = "POST /login/oauth/access_token";
const userOf = async (site: Site, browser: Browser) => BigInt(String((await browser.who(site))?.["userId"]));

describe("the access of a person", () => {
  it("is asked of GitHub again after five minutes, and for every write", async () => {
    const { github, clock, site, browser, calls } = await signedIn();
    const before = await calls(ASKS);
    await browser.who(site);
    expect(await calls(ASKS)).toBe(before);
    await github.control.apply("setRole", { repository: "acme/shop", login: "mel", role: "none" });
    expect(await browser.who(site)).toMatchObject({ installations: [{ account: "acme" }] });
    expect(await browser.who(site, { method: "POST" })).toMatchObject({ installations: [] });
    await github.control.apply("setRole", { repository: "acme/vault", login: "mel", role: "read" });
    clock.advance(5 * MINUTE);
    expect(await browser.who(site)).toMatchObject({ installations: [{ account: "acme", role: "member" }] });
  });

  it("is GitHub's last answer for half an hour while GitHub is unavailable; writes are refused meanwhile", async () => {
    const { github, clock, site, browser } = await signedIn();
    await github.control.run("faults", { serverError: 1 });
    clock.advance(20 * MINUTE);
    expect(await browser.who(site)).toMatchObject({ login: "mel" });
    expect((await browser.ask(site, "/who", { method: "POST" })).status).toBe(500);
    clock.advance(11 * MINUTE);
    expect((await browser.ask(site, "/who")).status).toBe(500);
    await github.control.run("faults", {});
    expect(await browser.who(site)).toMatchObject({ login: "mel" });
  });

  it("is empty once GitHub refuses the token; a new sign-in helps", async () => {
    const { github, site, browser, clock } = await signedIn();
    await github.control.run("expireTokens", {});
    clock.advance(5 * MINUTE);
    expect(await browser.who(site)).toBeNull();
    await browser.signIn(site, "mel");
    expect(await browser.who(site)).toMatchObject({ login: "mel" });
  });
});

describe("a token that is about to expire", () => {
  const EIGHT_HOURS = 8 * 60 * MINUTE;

  it("is refreshed once when 50 requests over two processes need it", async () => {
    const { github, clock, site, browser, calls } = await signedIn();
    const other = openSite(store, github, { clock });
    const before = await calls(REFRESHES);
    clock.advance(EIGHT_HOURS - 4 * MINUTE);
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => browser.who(index % 2 === 0 ? site : other)),
    );
    expect(new Set(answers.map((answer) => answer?.["login"]))).toEqual(new Set(["mel"]));
    expect(await calls(REFRESHES)).toBe(before + 1);
  });

  it("continues to work until it expires when GitHub does not refresh it", async () => {
    const { github, clock, site, browser } = await signedIn();
    clock.advance(EIGHT_HOURS - 4 * MINUTE);
    await github.control.run("faults", {
      planned: [{ match: "/login/oauth/access_token", kind: "status", status: 502, times: 1 }],
    });
    expect(await browser.who(site)).toMatchObject({ login: "mel" });
  });

  it("asks the person to connect again when the refresh token was used elsewhere", async () => {
    const { github, clock, site, browser } = await signedIn();
    const [token] = github.simulation.tokens.users.values();
    github.simulation.tokens.refresh(Date.now(), token?.refreshToken ?? "");
    clock.advance(EIGHT_HOURS + MINUTE);
    expect(await browser.who(site)).toBeNull();
    const [row] = await store.sql.query("SELECT refused_at FROM user_tokens");
    expect(row?.["refused_at"]).toBeInstanceOf(Date);
  });

  it("asks the person to connect again when the key is missing, or the row was copied from another person", async () => {
    const { github, clock, site, browser } = await signedIn();
    const ada = new Browser();
    await ada.signIn(site, "ada");
    const [mel, other] = [await userOf(site, browser), await userOf(site, ada)];
    await store.sql.query(
      "UPDATE user_tokens t SET access_token = o.access_token FROM user_tokens o WHERE t.user_id = $1 AND o.user_id = $2",
      [mel, other],
    );
    clock.advance(5 * MINUTE);
    expect(await browser.who(site)).toBeNull();
    const rekeyed = openSite(store, github, { clock, env: { ENCRYPTION_KEYS: KEY.replace("k1:", "k2:") } });
    expect(await ada.who(rekeyed)).toBeNull();
    expect(await ada.who(site)).toMatchObject({ login: "ada" });
  });
});

describe("ADMIN_LOGINS", () => {
  it("makes a person an operator who still sees no more than GitHub lets them", async () => {
    const { github, site, browser } = await signedIn();
    const named = openSite(store, github, { env: { ADMIN_LOGINS: "someone, MEL" } });
    const seen = await browser.who(named);
    expect(seen).toMatchObject({ operator: true, installations: [{ role: "admin" }] });
    expect(JSON.stringify(seen)).not.toContain('"all"');
    expect(await browser.who(site)).toMatchObject({ operator: false, installations: [{ role: "member" }] });
  });
});
