import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { startGitHub } from "../demo/github/index.js";

/** `probot receive` and the Action's entry as people run them: built, in a process of their own. */
const scratch = mkdtempSync(join(tmpdir(), "companyos-receive-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function run(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Ended> {
  const { PATH = "", HOME = "" } = process.env;
  const options = { env: { PATH, HOME, ...env }, timeout: 60_000 };
  return new Promise((resolve) => {
    execFile(process.execPath, [...args], options, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : typeof error.code === "number" ? error.code : -1, stdout, stderr });
    });
  });
}

// No proxy and no name can be resolved to GitHub's: a call that was tried would be an error in the output.
const receive = (event: string, payload: string): Promise<Ended> =>
  run(["node_modules/probot/bin/probot.js", "receive", "-a", "1", "-e", event, "-p", payload, "./dist/app.js"], {
    TMPDIR: scratch,
  });

const fixtures = readdirSync("test/fixtures").filter((file) => file.endsWith(".json"));

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

test.each(fixtures)(
  "probot receive on %s tells what was stored and what would be done",
  { timeout: 90_000 },
  async (file) => {
    const event = file.split(".")[0] ?? "";
    const { code, stdout } = await receive(event, `test/fixtures/${file}`);
    expect(stdout).toMatch(new RegExp(`^${event}[. ]`, "m"));
    expect(stdout).toMatch(/ facts +\w/);
    expect(stdout).toMatch(/ plan +\w/);
    expect(stdout).toMatch(/written to GitHub/);
    expect(code).toBe(0);
  },
);

test("a payload that has not the shape of its event fails the run", { timeout: 90_000 }, async () => {
  const { code, stdout } = await receive("pull_request", "test/fixtures/issues.opened.json");
  expect(stdout).toContain("pull_request");
  expect(code).not.toBe(0);
});

test("nothing is left of the temporary database", () => {
  expect(readdirSync(scratch).filter((name) => name.startsWith("companyos-inline-"))).toEqual([]);
});

async function action(event: string, payload: string, env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  return run(["dist/action.js"], {
    TMPDIR: scratch,
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
    const { code, stdout } = await action("issues", "test/fixtures/issues.opened.json", token);
    expect(stdout).toMatch(/^issues\.opened/m);
    expect(stdout).not.toContain("ghs_0123456789abcdef0123");
    expect(code).toBe(0);
  } finally {
    await github.close();
  }
});

test.each([
  ["a handler that fails", "pull_request", "test/fixtures/issues.opened.json", { GITHUB_TOKEN: "x".repeat(20) }],
  ["no token", "issues", "test/fixtures/issues.opened.json", {}],
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
