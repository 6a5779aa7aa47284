import { generateKeyPairSync } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { startGitHub } from "../../simulator/index.js";
import { noticeFailed } from "../../src/store/alerts/notices.js";
import { raiseAlert } from "../../src/store/alerts/raise-alert.js";
import { parseJson } from "../../src/unchecked.js";
import { cli } from "../support/cli.js";
import { withDatabase } from "../support/database.js";
import { startInbox } from "../support/inbox.js";
import { reportMissing } from "../support/missing.js";

const database = await withDatabase();
const DATABASE_URL = database.url;
test("--help lists every command, as the README does; --version the version", async () => {
  const help = await cli(["--help"]);
  const named = [...readFileSync("README.md", "utf8").matchAll(/^ {4}companyos-github (\w+) {2,}/gm)].map(
    ([, name]) => name,
  );
  const listed = [...help.stdout.matchAll(/^ {2}([a-z]+) /gm)]
    .map(([, name]) => name)
    .filter((name) => name !== "help");
  expect(new Set(named)).toEqual(new Set(listed));
  expect((await cli(["--version"])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test("start without credentials names each variable and its remedy, and exits 2", async () => {
  const { code, stderr } = await cli(["start"], { WEBHOOK_SECRET: "development", DATABASE_URL });
  expect(code).toBe(2);
  expect(stderr).toMatch(/APP_ID is missing/);
  expect(stderr).toMatch(/WEBHOOK_SECRET is a well-known default/);
  expect(stderr).toMatch(/PRIVATE_KEY is missing/);
  expect(stderr).toMatch(/openssl rand -hex 32/);
});

const KEY = generateKeyPairSync("rsa", { modulusLength: 2048 })
  .privateKey.export({ type: "pkcs8", format: "pem" })
  .toString();

const ED25519 = generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString();

test.each([
  ["a short secret", { WEBHOOK_SECRET: "hunter2hunter2!" }, /WEBHOOK_SECRET .*(short|16)/],
  ["one short secret of two", { WEBHOOK_SECRET: `${"x".repeat(32)},hunter2` }, /WEBHOOK_SECRET .*(short|16)/],
  ["a key that is none", { PRIVATE_KEY: "hunter2" }, /PRIVATE_KEY is not an RSA private key in PEM form/],
  ["a key that is cut", { PRIVATE_KEY: KEY.slice(0, 400) }, /PRIVATE_KEY is not an RSA private key in PEM form/],
  ["a key of another kind", { PRIVATE_KEY: ED25519 }, /PRIVATE_KEY is not an RSA private key in PEM form/],
  [
    "a key that is nowhere",
    { PRIVATE_KEY: "", PRIVATE_KEY_PATH: "/nowhere.pem" },
    /PRIVATE_KEY_PATH cannot be read \(ENOENT\)/,
  ],
])("start with %s names the variable, repeats no secret, and exits 2", async (_what, wrong, message) => {
  const good = { APP_ID: "1", PRIVATE_KEY: KEY, WEBHOOK_SECRET: "x".repeat(32), DATABASE_URL };
  const { code, stdout, stderr } = await cli(["start"], { ...good, ...wrong });
  expect(code).toBe(2);
  expect(stderr).toMatch(message);
  for (const secret of ["hunter2", KEY.slice(40, 80), ED25519.slice(40, 60), "x".repeat(32)])
    expect(stdout + stderr).not.toContain(secret);
});

test("migrate reports that the database is up to date", async () => {
  const { code, stdout } = await cli(["migrate"], { DATABASE_URL });
  expect([code, stdout]).toEqual([0, expect.stringMatching(/^The database .+ is up to date\.\n$/)]);
});

describe("a stored delivery", () => {
  const GUID = "00000000-0000-4000-8000-00000000000a";
  beforeAll(async () => {
    // A replay wakes the workers by the queue, whose tables are made by this as well.
    expect((await cli(["migrate"], { DATABASE_URL })).code).toBe(0);
    const inbox = await startInbox({ store: database.store });
    const body = readFileSync("test/fixtures/issues.opened.json");
    expect((await inbox.post({ guid: GUID, event: "issues", body })).status).toBe(202);
    await inbox.close();
  });

  test("explain prints the story, and --json the same data", async () => {
    const { code, stdout } = await cli(["explain", GUID], { DATABASE_URL });
    expect([code, stdout]).toEqual([0, expect.stringContaining("received: waits for a worker")]);
    const json = await cli(["explain", GUID.toUpperCase(), "--json"], { DATABASE_URL });
    expect(parseJson(json.stdout)).toMatchObject([{ delivery: { guid: GUID, status: "received" } }]);
  });

  test(
    "replay --dry-run prints the headers and the rows it would store, and changes nothing",
    { timeout: 60_000 },
    async () => {
      const { code, stdout } = await cli(["replay", GUID, "--dry-run"], { DATABASE_URL });
      expect(code).toBe(0);
      expect(stdout).toContain(`x-github-delivery: ${GUID}`);
      expect(stdout).toMatch(/facts +\w/);
      const [row] = await database.store.sql.query("SELECT status FROM deliveries WHERE guid = $1", [GUID]);
      expect(row).toEqual({ status: "received" });
      expect(await database.store.sql.query("SELECT id FROM issues")).toEqual([]);
    },
  );

  test("replay gives a finished one back to the workers, and refuses one that waits", async () => {
    const { stderr: waits } = await cli(["replay", GUID.toUpperCase()], { DATABASE_URL });
    expect(waits).toMatch(`${GUID} is not finished`);
    await database.store.sql.query("UPDATE deliveries SET status = 'failed' WHERE guid = $1", [GUID]);
    const { code, stderr } = await cli(["replay", GUID], { DATABASE_URL });
    expect([code, stderr]).toEqual([0, ""]);
    const [row] = await database.store.sql.query("SELECT status, attempts FROM deliveries WHERE guid = $1", [GUID]);
    expect(row).toEqual({ status: "received", attempts: 0 });
  });

  test.each([
    [1, ["explain", "00000000-0000-4000-8000-00000000dead"], /No delivery with the GUID .* in the database /],
    [64, ["replay", "acme/site#7"], /'acme\/site#7' is not a delivery's GUID/],
    [64, ["explain", "dead"], /neither a GUID, nor owner\/repo#number/],
    [64, ["explain", "acme#7"], /neither a GUID, nor owner\/repo#number/],
    [64, ["explain", "https://github.com/acme/shop/pulls"], /nor the address of a pull request/],
    [1, ["explain", "acme/nowhere#7"], /no repository 'acme\/nowhere' is stored/],
    [1, ["explain", "https://github.com/acme/nowhere/pull/7/files?w=1"], /no repository 'acme\/nowhere' is stored/],
    [1, ["replay", "00000000-0000-4000-8000-00000000dead"], /No delivery with the GUID .* in the database /],
  ])("exits %d and reports the problem of %j", async (exitCode, args, message) => {
    const { code, stderr } = await cli(args, { DATABASE_URL });
    expect(code).toBe(exitCode);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/ at .*\.js/);
  });
});

test("redeliver lists missing deliveries with --dry-run, and requests them without", async () => {
  const inbox = await startInbox({ store: database.store, secrets: ["the secret of this one GitHub"] });
  const github = await startGitHub({ webhookSecret: "the secret of this one GitHub" });
  const env = {
    DATABASE_URL,
    APP_ID: String(github.appId),
    PRIVATE_KEY: github.privateKey,
    WEBHOOK_SECRET: github.webhookSecret,
    GITHUB_API_URL: github.url,
    GITHUB_GRAPHQL_URL: github.graphqlUrl,
  };
  try {
    await github.control.apply("createRepository", { repository: "acme/lost" });
    await github.control.apply("install", {});
    const { guids } = await github.control.apply("openIssue", { repository: "acme/lost", title: "Lost" });
    const dry = await cli(["redeliver", "--since", "2h", "--dry-run"], env);
    expect([dry.code, dry.stderr]).toEqual([0, ""]);
    expect(dry.stdout).toContain(`${guids[0]}`);
    expect(dry.stdout).toMatch(/missing in the database .*\. Nothing was requested\.\n$/);
    expect(await database.store.sql.query("SELECT guid FROM drift_ledger")).toEqual([]);
    await github.control.run("webhook", { url: `http://127.0.0.1:${inbox.port}/api/github/webhooks` });
    const real = await cli(["redeliver", "--since", "1d", "--json"], env);
    expect(real.code).toBe(0);
    await github.control.run("idle", {});
    expect(await database.store.sql.query("SELECT event FROM deliveries WHERE guid = $1", [guids[0]])).toEqual([
      { event: "issues" },
    ]);
    expect((await cli(["redeliver", "--since", "2h"], env)).stdout).toMatch(
      / 0 deliveries are missing in .*, 0 requested/,
    );
    expect((await cli(["redeliver", "--since", "soon"], env)).stderr).toMatch(/such as 90m, 2h or 3d/);
    const refused = await cli(["redeliver", "--since", "2h"], { ...env, PRIVATE_KEY: KEY });
    expect([refused.code, refused.stderr]).toEqual([
      2,
      expect.stringMatching(/^GitHub refuses APP_ID and the private key: .*\n  Compare APP_ID with .*\n$/),
    ]);
    const away = await cli(["redeliver", "--since", "2h"], {
      ...env,
      GITHUB_API_URL: "http://127.0.0.1:9",
      GITHUB_GRAPHQL_URL: "",
    });
    expect([away.code, away.stderr]).toEqual([
      2,
      expect.stringMatching(/^GitHub's API cannot be reached: .*\n  Check that this machine reaches http:.*:9 .*\n$/),
    ]);
  } finally {
    await github.close();
    await inbox.close();
  }
});

test("health shows the last results, and its exit code matches them", async () => {
  const before = await cli(["health"], { DATABASE_URL });
  expect([before.code, before.stdout]).toEqual([3, expect.stringContaining("unknown (the database ")]);
  const put = (check: string, state: string, remedy: string | null) =>
    database.store.sql.query(
      `INSERT INTO health_checks (scope, "check", state, alert, since, reason, remedy, checked_at)
       VALUES ('app', $1, $2, false, now(), 'what was seen', $3, now())`,
      [check, state, remedy],
    );
  await put("queue", "healthy", null);
  expect((await cli(["health"], { DATABASE_URL })).code).toBe(0);
  await put("inbox", "unhealthy", "Start more workers.");
  const { code, stdout } = await cli(["health"], { DATABASE_URL });
  expect(code).toBe(2);
  expect(stdout).toMatch(/app +│ inbox +│ unhealthy +│ [-\d]+ [:\d]+ +│ what was seen/);
  expect(stdout).toMatch(/inbox: Start more workers\./);
  const json = await cli(["health", "--json"], { DATABASE_URL });
  expect(parseJson(json.stdout)).toMatchObject({ state: "unhealthy", app: [{ check: "queue" }, { check: "inbox" }] });
});

test("health shows open incidents and unsent alerts", async () => {
  const { sql } = database.store;
  const at = new Date("2026-03-02T08:00:00Z");
  const raise = async (installationId: bigint, title: string) => {
    const key = `health/${installationId}/quota`;
    const about = { key, kind: "health", severity: "warning", installationId, title, detail: "3 % left" } as const;
    return (await raiseAlert(sql, { ...about, remedy: "Wait" }, at)).alert.id;
  };
  const id = await raise(7n, "quota is degraded for \u001b[2Jacme");
  const other = await raise(8n, "quota is degraded for others");
  for (const of of [id, other]) {
    await sql.query("INSERT INTO alert_notices (alert_id, sink, times) VALUES ($1, 'slack', 0)", [of]);
    await noticeFailed(sql, "slack", of, { error: "it answered 500", retryAt: new Date("2026-03-02T08:10:00Z") });
  }
  await sql.query(
    `INSERT INTO installations (id, account_login, account_type, updated_at, content_hash)
     VALUES (7, 'acme', 'Organization', now(), '')`,
  );
  const { stdout } = await cli(["health", "--installation", "7"], { DATABASE_URL });
  expect(stdout).toContain("open since 2026-03-02 08:00, warning: quota is degraded for \uFFFD[2Jacme: 3 % left");
  expect(stdout).toMatch(/not sent to slack: quota .*acme \(1 tries, next at 2026-03-02 08:10\): it answered 500/);
  expect(stdout).not.toContain("for others");
  const json = await cli(["health", "--json"], { DATABASE_URL });
  expect(parseJson(json.stdout)).toMatchObject({
    alerts: [{ id: String(id), installation: "7" }, { installation: "8" }],
    unsent: [{ alert: String(id), sink: "slack" }, { alert: String(other) }],
  });
  await sql.query("DELETE FROM installations");
});

test("writes pause and resume set the switch; status shows it", async () => {
  const switched = () => database.store.sql.query("SELECT key FROM app_settings");
  const status = async () => (await cli(["writes", "status"], { DATABASE_URL })).stdout;
  expect((await cli(["writes", "pause"], { DATABASE_URL })).stdout).toMatch(
    /^Writes are paused everywhere in the database /,
  );
  expect(await switched()).toHaveLength(1);
  expect(await status()).toMatch(/^everywhere: paused since [-\dT:.]+Z \(an operator paused writes\)$/m);
  expect((await cli(["writes", "resume"], { DATABASE_URL })).code).toBe(0);
  expect(await switched()).toHaveLength(0);
  expect(await status()).toMatch(/^everywhere: not paused$/m);
});

test.each([
  ["health"],
  ["sync"],
  ["replay", "72d3162e-cc78-11e3-81ab-4c9367dc0958"],
  ["explain", "acme/site#1"],
  ["shadow"],
  ["repositories", "list"],
  ["writes", "pause"],
  ["export", "--installation", "1"],
])("%s without a database connection reports it without a stack, and exits 2", async (...args) => {
  const { code, stdout, stderr } = await cli(args, { DATABASE_URL: "postgresql://u:p@127.0.0.1:1/x" });
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toMatch(
    /^Cannot connect to PostgreSQL at u@127\.0\.0\.1:1\/x .*\n {2}Start PostgreSQL, or check host and port in DATABASE_URL.*\n$/,
  );
});

const hasProc = existsSync("/proc/self");
if (!hasProc) reportMissing("a DATA_DIR below /proc is not tested: there is none here", "run the tests on Linux");
test.skipIf(!hasProc)("an unwritable DATA_DIR is an error, and is not retried forever", async () => {
  const { code, stderr } = await cli(["migrate"], { DATA_DIR: "/proc/companyos/data" });
  expect(code).toBe(2);
  expect(stderr).toMatch(/DATA_DIR \/proc\/companyos\/data cannot be used: ENOENT/);
});
