import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { describe, expect, it, onTestFinished } from "vitest";
import { startGitHub } from "../../simulator/index.js";
import { readConfig, readCredentials } from "../../src/config.js";
import { openSetup } from "../../src/host/setup.js";
import { createLog } from "../../src/log.js";
import { start } from "../../src/main.js";
import { findChromium, openBrowser } from "../support/browser.js";
import { createDatabase } from "../support/database.js";

const chromium = findChromium();
const log = createLog({ level: "silent" });

async function opened(env: Record<string, string> = {}) {
  const github = await startGitHub();
  onTestFinished(() => github.close());
  const folder = mkdtempSync(join(tmpdir(), "companyos-setup-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const base = {
    PORT: "0",
    HOST: "127.0.0.1",
    GITHUB_API_URL: github.url,
    GITHUB_SERVER_URL: github.url,
    GITHUB_GRAPHQL_URL: github.graphqlUrl,
    ...env,
  };
  const setup = await openSetup({ config: readConfig(base), host: undefined, folder, inContainer: false, log });
  onTestFinished(() => setup.close());
  return { github, folder, base, setup, origin: new URL(setup.url).origin };
}

/** What a browser keeps of the page: its form, and where it goes. */
function formOf(text: string) {
  const action = /<form method="post"(?: action="([^"]*)")?/.exec(text)?.[1]?.replaceAll("&amp;", "&");
  const manifest = /name="manifest" value="([^"]*)"/
    .exec(text)?.[1]
    ?.replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&lt;", "<")
    .replaceAll("&amp;", "&");
  return { action, manifest: manifest ?? "" };
}

async function enter(url: string): Promise<string> {
  const answer = await fetch(url, { redirect: "manual" });
  return answer.headers.getSetCookie()[0]?.split(";")[0] ?? "";
}

const WISH = {
  name: "acme-os",
  owner: "organization",
  organization: "acme",
  enterprise: "",
  publicUrl: "",
  proxyUrl: "",
};

describe("the guided set-up", () => {
  it("creates a running App and processes its first delivery", async () => {
    const { github, folder, base, setup, origin } = await opened();
    const cookie = await enter(setup.url);
    const asked = await fetch(`${origin}/setup`, { headers: { cookie } });
    expect(await asked.text()).toContain("Name of the App");
    const posted = await fetch(`${origin}/setup`, {
      method: "POST",
      headers: { cookie },
      body: new URLSearchParams(WISH),
    });
    expect(posted.headers.get("content-security-policy")).toContain(`form-action 'self' ${github.url};`);
    const { action = "", manifest } = formOf(await posted.text());
    expect(action).toMatch(/\/organizations\/acme\/settings\/apps\/new\?state=[\w-]{43}$/);
    expect(JSON.parse(manifest)).toMatchObject({ name: "acme-os", public: false, hook_attributes: { active: false } });
    const agreed = await fetch(action, {
      method: "POST",
      body: new URLSearchParams({ manifest, create: "1" }),
      redirect: "manual",
    });
    const created = await fetch(agreed.headers.get("location") ?? "", { headers: { cookie } });
    expect(await created.text()).toContain("Install the App at GitHub");
    const { values, session } = await setup.created;
    const file = join(folder, ".env");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(parseEnv(readFileSync(file, "utf8"))).toEqual({ ...values, PRIVATE_KEY: values["PRIVATE_KEY"] });

    await setup.close();
    const database = await createDatabase();
    const env = { ...base, ...values, DATABASE_URL: database.url };
    const running = await start({ config: readConfig(env), credentials: readCredentials(env), log, signedIn: session });
    onTestFinished(async () => {
      await running.close();
      await database.drop();
    });
    const browser = created.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    const waiting = await fetch(`${running.url}/setup`, { headers: { cookie: browser } });
    expect([waiting.status, await waiting.text()]).toEqual([200, expect.stringContaining("its webhook is disabled")]);
    await github.control.run("webhook", {
      url: `${running.url}/api/github/webhooks`,
      secret: values["WEBHOOK_SECRET"] ?? "",
    });
    await github.control.apply("createRepository", { repository: "acme/shop" });
    await github.control.apply("install", {});
    await expect
      .poll(async () => (await fetch(`${running.url}/setup`, { headers: { cookie: browser } })).text(), {
        timeout: 15_000,
      })
      .toContain("The set-up is complete");
    expect((await fetch(`${running.url}/setup`, { redirect: "manual" })).headers.get("location")).toContain("/sign-in");
  }, 60_000);

  it.skipIf(chromium === null)("creates the App from a browser, in three clicks", async () => {
    const { setup, github } = await opened();
    const browser = await openBrowser(chromium ?? "");
    onTestFinished(() => browser.close());
    const page = await browser.newPage();
    await page.goto(setup.url);
    await page.fill("#organization", "acme");
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByText("GitHub refuses this way").click();
    const filledIn = new URL((await page.getByRole("link", { name: "filled in" }).getAttribute("href")) ?? "");
    expect(filledIn.href).toContain(`${github.url}/organizations/acme/settings/apps/new?`);
    expect(Object.fromEntries(filledIn.searchParams)).toMatchObject({
      name: "companyos",
      public: "false",
      webhook_active: "false",
      pull_requests: "write",
    });
    expect(filledIn.searchParams.getAll("events[]")).toContain("pull_request");
    await page.getByRole("button", { name: /^Continue at/ }).click();
    await page.getByRole("button").click();
    await page.getByRole("heading", { name: "The App is created" }).waitFor();
    expect((await setup.created).values["APP_ID"]).toMatch(/^\d+$/);
  });

  it("lets in the holder of the code alone, once, under a name of this machine", async () => {
    const { setup, origin } = await opened();
    expect((await fetch(`${origin}/setup`)).status).toBe(403);
    expect((await fetch(`${origin}/setup?code=${"A".repeat(32)}`)).status).toBe(403);
    const cookie = await enter(setup.url);
    expect((await fetch(setup.url)).status).toBe(403);
    expect((await fetch(`${origin}/setup`, { headers: { cookie } })).status).toBe(200);
    const forged = {
      method: "POST",
      headers: { cookie, origin: "https://evil.example" },
      body: new URLSearchParams(WISH),
    };
    expect((await fetch(`${origin}/setup`, forged)).status).toBe(403);
    expect((await fetch(`${origin}/setup/created?code=x&state=y`, { headers: { cookie } })).status).toBe(403);
  });

  it.each([
    [{ name: "" }, "is missing"],
    [{ name: "x".repeat(35) }, "more than 34 characters"],
    [{ organization: "" }, "Name the organisation"],
    [{ organization: "../evil" }, "organisation&#39;s login"],
    [{ enterprise: "github.example.com/evil" }, "must be a host name"],
    [{ publicUrl: "javascript:alert(1)" }, "must be an address"],
  ])("refuses %j", async (wrong, said) => {
    const { setup, origin } = await opened();
    const cookie = await enter(setup.url);
    const body = new URLSearchParams({ ...WISH, ...wrong });
    const answer = await fetch(`${origin}/setup`, { method: "POST", headers: { cookie }, body });
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining(said)]);
  });

  it("keeps lines of .env, and replaces its own values", async () => {
    const { addToEnvFile } = await import("../../src/web/setup/env-file.js");
    const folder = mkdtempSync(join(tmpdir(), "companyos-env-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const file = join(folder, ".env");
    expect(await addToEnvFile(file, { A: "1", KEY: "-----BEGIN\nline two\n-----END" })).toBeNull();
    expect(await addToEnvFile(file, { A: "two words", B: "k1:a+/b==" })).toBeNull();
    expect(parseEnv(readFileSync(file, "utf8"))).toEqual({
      A: "two words",
      B: "k1:a+/b==",
      KEY: "-----BEGIN\nline two\n-----END",
    });
    expect(await addToEnvFile(join(folder, "missing", ".env"), { A: "1" })).toMatch(/ENOENT/);
  });
});
