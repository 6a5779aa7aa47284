import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { startGitHub, type RunningGitHub } from "../../simulator/index.js";
import { NAMESPACE } from "../../src/work/backend.js";
import type { Running } from "../../src/main.js";
import { openStore, type Store } from "../../src/store/store.js";
import { startBeside } from "../support/app.js";
import { accessibilityProblems, findChromium, openBrowser } from "../support/browser.js";
import { createDatabase, type TestDatabase } from "../support/database.js";
import { CHECKS } from "../support/doctor.js";

const TOKEN = "admin-token-of-the-pages-0001";
const TITLE = `Count <img src=x onerror=alert(1)> \u202Eit`;

const chromium = findChromium();

describe.skipIf(chromium === null)("the pages in Chromium", () => {
  let database: TestDatabase;
  let github: RunningGitHub;
  let app: Running;
  let store: Store;
  let browser: Browser;
  let context: BrowserContext;
  const complaints: string[] = [];
  const foreignRequests: string[] = [];

  async function open(options: Parameters<Browser["newContext"]>[0] = {}): Promise<BrowserContext> {
    const opened = await browser.newContext(options);
    opened.on("console", (message) => {
      if (/Content Security Policy|TrustedHTML|hx-csp/i.test(message.text())) complaints.push(message.text());
    });
    opened.on("weberror", (error) => complaints.push(error.error().message));
    opened.on("request", (request) => {
      if (!request.url().startsWith(app.url ?? "")) foreignRequests.push(request.url());
    });
    const page = await opened.newPage();
    await page.goto(`${app.url}/sign-in`);
    for (const folded of await page.locator("details:not([open]) > summary").all()) await folded.click();
    await page.fill("#token", TOKEN);
    await page.click("form[action='/sign-in'] button");
    await page.waitForURL(`${app.url}/`);
    await page.close();
    return opened;
  }

  async function show(path: string, of = context): Promise<Page> {
    const page = await of.newPage();
    const response = await page.goto(`${app.url}${path}`);
    expect(response?.status(), path).toBe(200);
    return page;
  }

  beforeAll(async () => {
    database = await createDatabase();
    github = await startGitHub();
    app = await startBeside(github, database.url, {
      env: { ADMIN_TOKEN: TOKEN },
      sweepMs: 1_000,
      reviewQuietMs: 100,
      queueNamespace: NAMESPACE,
    });
    store = openStore({ url: app.databaseUrl, poolSize: 2, applicationName: "test of the pages" });
    const { control } = github;
    await control.run("webhook", { url: `${app.url}/api/github/webhooks` });
    await control.apply("createRepository", { repository: "acme/shop", visibility: "private" });
    await control.apply("install", {});
    await control.apply("openIssue", {
      repository: "acme/shop",
      title: TITLE,
      body: "<script>alert(1)</script>",
      by: "octocat",
    });
    await control.apply("openPull", {
      repository: "acme/shop",
      title: "Add a cart",
      head: "cart",
      by: "octocat",
      commits: [
        { message: "Add", files: [{ path: "src/cart.ts", content: "export function f() {\n  debugger;\n}\n" }] },
      ],
    });
    await control.run("idle", {});
    await vi.waitFor(async () => expect(await reviews()).toBe(1), { timeout: 60_000, interval: 200 });
    browser = await openBrowser(chromium ?? "");
    context = await open();
  }, 120_000);

  afterAll(async () => {
    await browser.close();
    await app.close();
    await store.close();
    await github.close();
    await database.drop();
  });

  async function reviews(): Promise<number> {
    const [row] = await store.sql.query(
      "SELECT count(*)::int AS n FROM agent_runs WHERE status = 'done' AND agent = 'code-review'",
    );
    return Number(row?.["n"]);
  }

  const PATHS = [
    "/",
    "/activity",
    "/pulls",
    "/issues",
    "/triage",
    "/deployments",
    "/agents",
    "/sync",
    "/operations",
    "/account",
    "/story/acme/shop/2",
    "/story/acme/shop/1",
  ];

  it.each(PATHS)("shows %s without a violation of WCAG AA, in light and dark, wide and at 390 pixels", async (path) => {
    const page = await show(path);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      for (const width of [1280, 390]) {
        await page.setViewportSize({ width, height: 800 });
        expect(await accessibilityProblems(page), `${path} ${colorScheme} ${width}`).toEqual([]);
        expect(
          await page.evaluate("document.documentElement.scrollWidth - window.innerWidth"),
          `${path} overflows`,
        ).toBeLessThanOrEqual(0);
      }
    }
    await page.close();
  });

  it("shows the story of a pull request from its delivery to its effects", async () => {
    const page = await show("/story/acme/shop/2");
    await expect.poll(() => page.getByText("pull_request.opened").count()).toBe(1);
    expect(await page.locator("ul.tree code", { hasText: "debugger-statement" }).count()).toBeGreaterThan(0);
    expect(await page.getByRole("link", { name: "src/cart.ts:2" }).first().getAttribute("href")).toContain(
      "/acme/shop/blob/",
    );
    expect(await page.getByText('set check "companyos / review"', { exact: false }).count()).toBeGreaterThan(0);
    await page.close();
  });

  it("finds a story from whatever is pasted", async () => {
    const page = await show("/");
    const [head] = await store.sql.query("SELECT head_sha FROM pull_requests WHERE number = 2");
    for (const pasted of [
      "acme/shop#2",
      `${github.url}/acme/shop/pull/2`,
      "2",
      String(head?.["head_sha"]),
      String(head?.["head_sha"]).slice(0, 9),
    ]) {
      await page.goto(`${app.url}/`);
      await page.fill("#paste", pasted);
      await page.keyboard.press("Enter");
      await expect.poll(() => page.url()).toBe(`${app.url}/story/acme/shop/2`);
    }
    const [delivery] = await store.sql.query("SELECT guid FROM deliveries WHERE event = 'issues' LIMIT 1");
    await page.keyboard.press("/");
    await page.keyboard.type(String(delivery?.["guid"]));
    await page.keyboard.press("Enter");
    await page.waitForURL(`${app.url}/story/${String(delivery?.["guid"])}`);
    await page.close();
  });

  it("shows foreign text as text, invisible characters written out", async () => {
    const page = await show("/issues");
    const row = page.locator("td", { hasText: "<img src=x onerror=alert(1)>" });
    expect(await row.count()).toBe(1);
    expect(await row.innerText()).toContain("\\u{202e}");
    expect(await page.locator("main img").count()).toBe(0);
    await page.close();
  });

  it("filters by URL, goes page by page and exports CSV", async () => {
    const page = await show("/activity?event=issues");
    expect(await page.locator("tbody tr").count()).toBe(1);
    await page.locator("tbody a").first().click();
    const sender = page.locator("dd a[href^='/activity?sender=']");
    const login = await sender.innerText();
    await sender.click();
    expect(await page.locator("tbody tr").count()).toBeGreaterThan(0);
    const [others] = await store.sql.query("SELECT count(*)::int AS n FROM deliveries WHERE sender_login <> $1", [
      login,
    ]);
    const [all] = await store.sql.query("SELECT count(*)::int AS n FROM deliveries");
    expect(await page.locator("tbody tr").count()).toBeLessThanOrEqual(Number(all?.["n"]) - Number(others?.["n"]));
    const csv = await page.request.get(`${app.url}/activity?event=issues&format=csv`);
    expect(csv.headers()["content-disposition"]).toBe('attachment; filename="deliveries.csv"');
    expect((await csv.text()).trim().split("\r\n")).toHaveLength(2);
    await page.goto(`${app.url}/activity?order=oldest`);
    expect(await page.locator("tbody tr").first().innerText()).toContain("installation.created");
    await page.close();
  });

  it("shows a delivery that arrives while the page is open, through one stream for all tabs", async () => {
    const streams: string[] = [];
    const live = await open();
    live.on("request", (request) => {
      if (request.url().includes("/live")) streams.push(request.url());
    });
    const first = await show("/activity", live);
    await expect.poll(() => first.locator("[data-live]").getAttribute("data-state")).toBe("on");
    const tabs = await Promise.all(Array.from({ length: 9 }, () => show("/activity", live)));
    await github.control.apply("openIssue", { repository: "acme/shop", title: "A new one", body: "", by: "octocat" });
    await first.bringToFront();
    await expect.poll(() => first.locator("tbody tr", { hasText: "acme/shop#3" }).count(), { timeout: 20_000 }).toBe(1);
    expect(streams).toHaveLength(1);
    expect(tabs).toHaveLength(9);
    await live.close();
  });

  it("replays a delivery and asks for a sync", async () => {
    const [delivery] = await store.sql.query("SELECT guid FROM deliveries WHERE event = 'issues' ORDER BY id LIMIT 1");
    const page = await show(`/story/${String(delivery?.["guid"])}`);
    const before = await processedAt(String(delivery?.["guid"]));
    await page.getByRole("button", { name: "Replay" }).click();
    await page.waitForURL(`${app.url}/story/${String(delivery?.["guid"])}`);
    await expect.poll(() => processedAt(String(delivery?.["guid"])), { timeout: 20_000 }).not.toBe(before);
    await page.goto(`${app.url}/sync`);
    await page.getByRole("button", { name: "Sync now" }).click();
    await page.waitForURL(`${app.url}/sync`);
    expect(await page.getByText("for operator").count()).toBeGreaterThan(0);
    await page.close();
  });

  async function processedAt(guid: string): Promise<string> {
    const [row] = await store.sql.query(
      "SELECT processed_at::text AS at FROM deliveries WHERE guid = $1 AND status = 'processed'",
      [guid],
    );
    return String(row?.["at"]);
  }

  it("previews a bulk replay before it does anything", async () => {
    const page = await show("/activity?event=issues&replay=preview");
    expect(await page.getByText("issues.opened ×").count()).toBe(1);
    await page.getByRole("button", { name: /^Replay \d/ }).click();
    expect(await page.getByText("given to the workers").count()).toBe(1);
    await page.close();
  });

  it("shows the doctor's findings on Operations", async () => {
    const page = await show("/operations");
    await page.getByRole("link", { name: "Run the doctor" }).click();
    const checks = await page
      .getByRole("region", { name: "Findings of the doctor" })
      .locator("tbody tr")
      .allInnerTexts();
    expect(checks.map((row) => row.split("\t")[1])).toEqual(CHECKS);
    await page.close();
  });

  it("works without JavaScript", async () => {
    const plain = await open({ javaScriptEnabled: false });
    for (const path of PATHS) await (await show(path, plain)).close();
    const page = await show("/pulls", plain);
    await page.fill("input[name=text]", "cart");
    await page.click("form.filters button");
    expect(page.url()).toContain("text=cart");
    await page.click("tbody a");
    expect(page.url()).toBe(`${app.url}/story/acme/shop/2`);
    await plain.close();
  });

  it("refuses a forged form, an unknown page and a visitor, each with the next step", async () => {
    const page = await show("/activity");
    const forged = await page.request.post(`${app.url}/sync`, {
      form: { installation: "1", mode: "full", subject: "", csrf: "wrong" },
    });
    expect(forged.status()).toBe(403);
    expect(await forged.text()).toContain("Load the page again");
    const missing = await page.request.get(`${app.url}/no/such/page`);
    expect([missing.status(), missing.headers()["cache-control"]]).toEqual([404, "no-store"]);
    const nobody = await browser.newContext();
    const stranger = await nobody.newPage();
    await stranger.goto(`${app.url}/activity?event=issues`);
    expect(stranger.url()).toBe(`${app.url}/sign-in?return_to=%2Factivity%3Fevent%3Dissues`);
    await nobody.close();
    await page.close();
  });

  it("has asked no other host, and broken no rule of its Content-Security-Policy", () => {
    expect(complaints).toEqual([]);
    expect(foreignRequests).toEqual([]);
  });
});
