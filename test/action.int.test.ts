import { readdirSync, readFileSync } from "node:fs";
import { afterAll, expect, test } from "vitest";
import { z } from "zod";
import { closeAll, startShop, tokenOf } from "../simulator/testing.js";
import { withInstallation } from "../src/host/inline/stand-in.js";
import { parseJson } from "../src/unchecked.js";
import { runStep } from "./support/action.js";
import { createDatabase } from "./support/database.js";

/** Workflows as they are: no payload names an installation, and the token is the job's. */
const shop = await startShop();
const database = await createDatabase();
afterAll(async () => {
  await closeAll();
  await database.drop();
});
const token = await tokenOf(shop);
const { github } = shop;
const env = { GITHUB_TOKEN: token, GITHUB_API_URL: github.url, GITHUB_GRAPHQL_URL: github.graphqlUrl };
const { control } = github;

const Payload = z.record(z.string(), z.unknown());

function withoutInstallation(text: string): Readonly<Record<string, unknown>> {
  const { installation: _, ...payload } = Payload.parse(parseJson(text));
  return payload;
}

const fixture = (file: string) => withoutInstallation(readFileSync(`test/fixtures/${file}`, "utf8"));

/** The payload of the newest delivery of an event, as the workflow that it starts has it. */
function delivered(event: string): Readonly<Record<string, unknown>> {
  const record = github.simulation.deliveries.records.findLast((each) => each.event === event);
  if (record === undefined) throw new Error(`no delivery of ${event}`);
  return withoutInstallation(record.body);
}

/** A fact that each of them proves, by its fixture. */
const STORED: Readonly<Record<string, string>> = {
  "deployment.created.json": "deployment Codertocat/Hello-World deployment 145988746 inserted",
  "deployment_status.created.json": "Codertocat/Hello-World deployment 145988746 status 209916254 inserted",
  "issue_comment.created.json": "issue_comment Codertocat/Hello-World#1 comment 492700400 inserted",
  "issues.opened.json": "issue Codertocat/Hello-World#1 inserted",
  "pull_request.opened.json": "pull_request Codertocat/Hello-World#2 inserted",
  "pull_request_review.submitted.json": "review Codertocat/Hello-World#2 review 237895671 inserted",
  "push.json": "commit Codertocat/Hello-World@6113728 inserted",
  "push.tag.json": "push Codertocat/Hello-World refs/tags/simple-tag 6113728..0000000 inserted",
  "release.published.json": "release Codertocat/Hello-World release 0.0.1 inserted",
};

test("each fixture has a fact to look for", () => {
  const files = readdirSync("test/fixtures").filter((file) => file.endsWith(".json"));
  expect(files.sort()).toEqual(Object.keys(STORED));
});

test.each(Object.keys(STORED))("%s is stored and passes", { timeout: 90_000 }, async (file) => {
  const event = file.split(".")[0] ?? "";
  const { code, stdout } = await onFresh((url) =>
    runStep({ event, payload: fixture(file), env: { ...env, DATABASE_URL: url } }),
  );
  expect(stdout).toMatch(/^ +status +processed$/m);
  expect(stdout).toMatch(/^ +about +Codertocat\/Hello-World.*\(installation -21031067 of Codertocat\)$/m);
  expect(stdout).toContain(` ${STORED[file]}\n`);
  expect(stdout).not.toContain(token);
  expect(code).toBe(0);
});

/** An own database is faster than the embedded one that a step has without `DATABASE_URL`, and as empty. */
async function onFresh<T>(work: (url: string) => Promise<T>): Promise<T> {
  const database = await createDatabase();
  try {
    return await work(database.url);
  } finally {
    await database.drop();
  }
}

const DEFECT = "export function pay(): void {\n  debugger;\n}\n";

test.each(["pull_request", "pull_request_target"])(
  "%s: the review is written with the job's token",
  { timeout: 120_000 },
  async (event) => {
    const commits = [{ message: event, files: [{ path: `src/${event}.ts`, content: DEFECT }] }];
    const { number = 0 } = await control.apply("openPull", { repository: "acme/shop", title: event, commits });
    const { code, stdout } = await runStep({ event, payload: delivered("pull_request"), env });
    expect(stdout).toMatch(/^ +run \d+ .*done/m);
    const seen = await control.run("review", { repository: "acme/shop", number });
    expect(seen).toMatchObject({ checks: 1, annotations: 1, reviews: 1, threads: 1 });
    expect(code).toBe(0);
  },
);

test("a job that fails fails the step", { timeout: 90_000 }, async () => {
  await control.apply("openPull", { repository: "acme/shop", title: "Refused" });
  const payload = delivered("pull_request");
  const refused = { ...env, GITHUB_TOKEN: "ghs_0123456789abcdef0123" };
  const { code, stdout } = await runStep({ event: "pull_request", payload, env: refused });
  expect(stdout).toMatch(/^::error::the job review failed: /m);
  expect(code).toBe(1);
});

test("passes an unhandled event and prints the reason", { timeout: 90_000 }, async () => {
  const { code, stdout } = await runStep({ event: "watch", payload: { action: "started" }, env });
  expect(stdout).toMatch(/^not handled: watch is not one of the \d+ events that the app handles$/m);
  expect(code).toBe(0);
});

test("keeps the known installation of a repository", { timeout: 90_000 }, async () => {
  const payload = fixture("issues.opened.json");
  const named = await withInstallation(payload, database.store);
  expect(named).toEqual({ ...payload, installation: { id: -21031067 } });
  expect(await withInstallation(named, database.store)).toBe(named);
  await database.store.sql.query(
    `INSERT INTO repositories (id, installation_id, full_name, owner_login, name, updated_at, content_hash)
     VALUES (186853002, 7, 'Codertocat/Hello-World', 'Codertocat', 'Hello-World', now(), '')`,
  );
  expect(await withInstallation(payload, database.store)).toBe(payload);
});
