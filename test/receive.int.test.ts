import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, expect, test } from "vitest";
import { z } from "zod";
import { startGitHub } from "../simulator/index.js";
import { parseJson } from "../src/unchecked.js";
import { type Ended, runNode } from "./support/cli.js";
import { createDatabase } from "./support/database.js";

/** `probot receive` and the Action's entry as people run them: built, in a process of their own. */
const scratch = mkdtempSync(join(tmpdir(), "companyos-receive-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const FIXTURES = resolve("test/fixtures");
const NO_NETWORK = resolve("test/support/no-network.mjs");
/** What was tried of the network, a line each. */
const tried = join(scratch, "network-tried");
const triedNow = (): string => (existsSync(tried) ? readFileSync(tried, "utf8") : "");

function run(args: readonly string[], env: Readonly<Record<string, string>>, timeoutMs = 60_000): Promise<Ended> {
  const watched = { NODE_OPTIONS: `--import=${NO_NETWORK}`, NETWORK_TRIED: tried, TMPDIR: scratch };
  return runNode(args, { env: { ...watched, ...env }, cwd: scratch, timeoutMs });
}

/** An API call without a network would take 16 s of retries by itself. */
const A_FEW_SECONDS_MS = 30_000;

const receive = (event: string, payload: string, env: Readonly<Record<string, string>> = {}): Promise<Ended> => {
  const probot = resolve("node_modules/probot/bin/probot.js");
  const args = [probot, "receive", "-a", "1", "-e", event, "-p", join(FIXTURES, payload), resolve("dist/app.js")];
  return run(args, env, A_FEW_SECONDS_MS);
};

/** The same with a database of its own: without one an embedded one is made and removed, some seconds each. */
async function receiveIn(event: string, payload: string): Promise<Ended> {
  const { url, drop } = await createDatabase();
  try {
    return await receive(event, payload, { DATABASE_URL: url });
  } finally {
    await drop();
  }
}

const fixtures = readdirSync(FIXTURES).filter((file) => file.endsWith(".json"));

test("there is a fixture for each of the eight event types", () => {
  expect(new Set(fixtures.map((file) => file.split(".")[0]))).toEqual(
    new Set([
      "deployment",
      "deployment_status",
      "issue_comment",
      "issues",
      "pull_request",
      "pull_request_review",
      "push",
      "release",
    ]),
  );
});

/** One of what is read of GitHub again, and one of what is not. */
const WITHOUT_DATABASE = ["pull_request.opened.json", "issues.opened.json"];

test.each(fixtures)(
  "probot receive on %s prints the stored facts and the planned writes",
  { timeout: 90_000 },
  async (file) => {
    const event = file.split(".")[0] ?? "";
    const { code, stdout } = await (WITHOUT_DATABASE.includes(file) ? receive : receiveIn)(event, file);
    expect(stdout).toMatch(new RegExp(`^${event}[. ]`, "m"));
    expect(stdout).toMatch(/ facts +\w/);
    expect(stdout).toMatch(/ plan +\w/);
    // Of what only GitHub can show, the command says that it was not run.
    expect(stdout).toMatch(/written to GitHub|^Not run, because it reads from GitHub/m);
    expect(triedNow()).toBe("");
    expect(code).toBe(0);
  },
);

test.each(["watch", "ping", "star"])(
  "probot receive on %s prints that it is not handled",
  { timeout: 90_000 },
  async (event) => {
    const { code, stdout } = await receive(event, "issues.opened.json");
    expect(stdout).toMatch(
      new RegExp(`^not handled: ${event} is not one of the \\d+ events that the app handles$`, "m"),
    );
    expect(code).toBe(0);
  },
);

test("detects and fails attempts to use the network", { timeout: 90_000 }, async () => {
  const asked = join(scratch, "network-asked");
  const script = "await fetch('https://api.github.com').catch(({ cause }) => console.log(cause.code))";
  const { stdout } = await run(["--input-type=module", "-e", script], { NETWORK_TRIED: asked });
  expect(stdout).toBe("ENOTFOUND\n");
  expect(readFileSync(asked, "utf8")).toContain("api.github.com");
});

test("with DATABASE_URL the rows go there, and stay", { timeout: 90_000 }, async () => {
  const { url, store, drop } = await createDatabase();
  try {
    const { code } = await receive("issues", "issues.opened.json", { DATABASE_URL: url });
    expect(code).toBe(0);
    expect(await store.sql.query("SELECT event, status FROM deliveries")).toEqual([
      { event: "issues", status: "processed" },
    ]);
    const { issue } = Opened.parse(parseJson(readFileSync(join(FIXTURES, "issues.opened.json"), "utf8")));
    expect(await store.sql.query("SELECT number, title FROM issues")).toEqual([issue]);
    expect(triedNow()).toBe("");
  } finally {
    await drop();
  }
});

const Opened = z.object({ issue: z.object({ number: z.number(), title: z.string() }) });

test("npm run receive takes a fixture by its name", { timeout: 90_000 }, async () => {
  // The clone by links: its own folder may hold its operator's .env.
  const clone = join(scratch, "clone");
  mkdirSync(clone);
  for (const name of ["package.json", "scripts", "node_modules"]) symlinkSync(resolve(name), join(clone, name));
  const npm = (args: readonly string[]): Promise<Ended> => {
    const env = { TMPDIR: scratch, NETWORK_TRIED: tried };
    const script =
      "process.exit(require('child_process').spawnSync('npm', process.argv.slice(1), { stdio: 'inherit' }).status)";
    return runNode(["-e", script, "--", ...args], { env, cwd: clone, timeoutMs: 80_000 });
  };
  const { code, stdout } = await npm(["run", "--silent", "receive", "--", "issues.opened"]);
  expect(stdout).toMatch(/^issues\.opened/m);
  expect(code).toBe(0);
  expect((await npm(["run", "--silent", "receive", "--", "no.such"])).stderr).toContain(
    "There is no fixture 'no.such'",
  );
});

test("a payload that has not the shape of its event fails the run", { timeout: 90_000 }, async () => {
  const { code, stdout } = await receive("pull_request", "issues.opened.json");
  expect(stdout).toContain("pull_request");
  expect(code).not.toBe(0);
});

test("leaves nothing of the temporary database", () => {
  expect(readdirSync(scratch).filter((name) => name.startsWith("companyos-inline-"))).toEqual([]);
});

async function action(event: string, payload: string, env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  return run([resolve("dist/action.js")], {
    GITHUB_RUN_ID: "1",
    GITHUB_EVENT_NAME: event,
    GITHUB_EVENT_PATH: payload,
    ...env,
  });
}

test("the Action's entry runs the same app", { timeout: 90_000 }, async () => {
  const github = await startGitHub();
  try {
    const token = {
      GITHUB_TOKEN: "ghs_0123456789abcdef0123",
      GITHUB_API_URL: github.url,
      GITHUB_GRAPHQL_URL: github.graphqlUrl,
    };
    const { code, stdout } = await action("release", join(FIXTURES, "release.published.json"), token);
    expect(stdout).toMatch(/^release\.published/m);
    expect(stdout).not.toContain("ghs_0123456789abcdef0123");
    expect(code).toBe(0);
  } finally {
    await github.close();
  }
});

test.each([
  ["a handler that fails", "pull_request", join(FIXTURES, "issues.opened.json"), { GITHUB_TOKEN: "x".repeat(20) }],
  ["no token", "issues", join(FIXTURES, "issues.opened.json"), {}],
  ["a payload that is not there", "issues", join(scratch, "nowhere.json"), { GITHUB_TOKEN: "x".repeat(20) }],
])("the Action fails the step on %s", { timeout: 90_000 }, async (_what, event, payload, env) => {
  const { code, stdout } = await action(event, payload, env);
  expect(code).toBe(1);
  expect(stdout).toMatch(/::error::|a token must be passed/);
});

test("an event that the app does not listen to passes", { timeout: 90_000 }, async () => {
  const path = join(scratch, "watch.json");
  writeFileSync(path, JSON.stringify({ action: "started" }));
  expect((await action("watch", path, { GITHUB_TOKEN: "x".repeat(20) })).code).toBe(0);
});
