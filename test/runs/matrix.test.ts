import { afterAll, afterEach, expect, test } from "vitest";
import { APP_PERMISSIONS } from "../../simulator/organisation/create.js";
import { REPOSITORY, reviewSetting } from "./setting.js";

/**
 * Every call of a review to GitHub, one after another: refused, and failing for good. The review ends as well as it can
 * and says what is missing, and the next one is whole.
 */
const setting = await reviewSetting({
  sweepMs: 50,
  files: [
    { path: "package-lock.json", content: "{}\n" },
    { path: ".github/CODEOWNERS", content: "* @hubot\n" },
    {
      path: ".github/companyos.yml",
      content: "_extends: rules\nreview: { riskLabels: true, reviewers: { propose: true } }\n",
    },
  ],
  permissions: { ...APP_PERMISSIONS, contents: "write" },
});
afterAll(() => setting.close());
afterEach(async () => {
  await control.run("faults", {});
});
const { control, simulation } = setting.github;
const { sql } = setting.database.store;
await control.apply("createRepository", {
  repository: "acme/rules",
  files: [{ path: ".github/companyos.yml", content: "review: {}\n" }],
});

/** What is there without a call; what is left out is as it would be with it. `says`: what the run or its check names. */
interface Rest {
  readonly checks?: readonly string[];
  readonly comments?: number;
  readonly says?: RegExp;
}
const REVIEW = "companyos / review";
const NOTHING = { checks: [], comments: 0, says: /forbids reading it|the host did not answer/ };

/** By what a request contains. */
const READS: readonly (readonly [match: string, rest: Rest])[] = [
  ["REVIEW_CONTEXT", NOTHING],
  ["/compare/", {}],
  ["REVIEW_TEXTS", { comments: 0, says: /the files could not be read/ }],
  ["REVIEW_LOCKFILES", { says: /which lockfiles are there could not be read/ }],
  ["/contents/", {}],
];
const WRITES: readonly (readonly [match: string, rest: Rest])[] = [
  ["/check-runs", { checks: [], says: /check-run (was refused|failed 8 times)/ }],
  ["/reviews", { comments: 0, says: /review (was refused|failed 8 times)/ }],
  ["/labels", { says: /labels (was refused|failed 8 times)/ }],
  ["/requested_reviewers", { says: /request-reviewers (was refused|failed 8 times)/ }],
];

/** Waiting between attempts is not what is tested. */
async function settle(): Promise<void> {
  const hurry = setInterval(
    () => void sql.query("UPDATE jobs SET run_at = now() WHERE status = 'waiting' AND run_at > now()").catch(() => []),
    40,
  );
  try {
    await setting.settle();
  } finally {
    clearInterval(hurry);
  }
}

const bad = (path: string) => ({ path, content: "export const a = 1;\ndebugger;\n" });
const MANIFEST = { path: "package.json", content: '{ "dependencies": { "a": "1.0.0" } }\n' };
let opened = 0;

async function open(): Promise<number> {
  opened += 1;
  const commits = [{ message: "Change", files: [bad(`src/${opened}.ts`), MANIFEST] }];
  const pull = { repository: REPOSITORY, title: "Change", head: `b${opened}`, commits };
  const { number = 0 } = await control.apply("openPull", pull);
  await settle();
  return number;
}
async function push(files: readonly { path: string; content: string }[]): Promise<void> {
  simulation.clock.advance(2);
  await control.apply("push", { repository: REPOSITORY, branch: `b${opened}`, commits: [{ message: "More", files }] });
  await settle();
}
const fail = (match: string, status: number, times = 1_000) =>
  control.run("faults", { planned: [{ match, kind: "status", status, times }] });

/** All that people can read about the last run of a pull request. */
async function said(number: number): Promise<string> {
  const runs = await sql.query("SELECT reason, notes, decision FROM agent_runs WHERE number = $1 ORDER BY id", [
    number,
  ]);
  const failed = await sql.query("SELECT reason FROM jobs WHERE status = 'failed' AND number = $1", [number]);
  return JSON.stringify([runs.at(-1), failed]);
}
const checksOf = (number: number) =>
  setting
    .visible(number)
    .checks.map(({ name }) => name)
    .filter((name) => name === REVIEW);

async function expectNextReview(number: number): Promise<void> {
  await control.run("faults", {});
  await push([bad(`lib/${opened}.ts`)]);
  const [run] = await sql.query("SELECT number, status, skipped, notes FROM agent_runs ORDER BY id DESC LIMIT 1");
  expect(run).toEqual({ number, status: "done", skipped: null, notes: [] });
  expect(checksOf(number)).toEqual([REVIEW]);
  expect(setting.visible(number).comments.map(({ path }) => path)).toContain(`lib/${opened}.ts`);
  expect(await sql.query("SELECT FROM agent_runs WHERE status = 'decided'")).toEqual([]);
}

const STATUSES = [
  [403, "is refused"],
  [502, "fails for good"],
] as const;
const CASES = [...READS, ...WRITES].flatMap(([match, rest]) =>
  STATUSES.map(([status, how]) => ({ match, how, status, rest })),
);

test.each(CASES)("$match $how", { timeout: 60_000 }, async ({ match, status, rest }) => {
  await fail(match, status);
  const number = await open();
  const { says, ...missing } = rest;
  expect({ checks: checksOf(number), comments: setting.visible(number).comments.length }).toEqual({
    checks: [REVIEW],
    comments: 1,
    ...missing,
  });
  expect(await said(number)).toMatch(says ?? /Reviewed/);
  await expectNextReview(number);
});

const LATER: readonly (readonly [match: string, says: RegExp])[] = [
  ["/permission", /the role of ann could not be read/],
  ["resolveReviewThread", /resolve-thread (was refused|failed 8 times)/],
  ["minimizeComment", /minimise-comment (was refused|failed 8 times)/],
];
const LATER_CASES = LATER.flatMap(([match, says]) => STATUSES.map(([status, how]) => ({ match, how, status, says })));

test.each(LATER_CASES)("$match $how in a second review", { timeout: 60_000 }, async ({ match, status, says }) => {
  const number = await open();
  const [thread] = setting.pull(number).threads;
  const disputed = match === "/permission";
  const against = { subject: thread?.comments[0]?.id ?? 0, content: "-1", by: "ann" } as const;
  if (disputed) await control.apply("react", against);
  await fail(match, status);
  const fixed = disputed ? [] : [{ path: `src/${opened}.ts`, content: "export const a = 1;\n" }];
  await push([...fixed, bad(`app/${opened}.ts`)]);
  expect(await said(number)).toMatch(says);
  expect(checksOf(number)).toEqual([REVIEW]);
  expect(setting.visible(number).comments).toHaveLength(2);
  await expectNextReview(number);
});

test.each([
  ["reads", READS],
  ["writes", WRITES.filter(([match]) => match === "/check-runs" || match === "/reviews")],
] as const)("%s that are absent for a moment leave nothing out", { timeout: 60_000 }, async (_what, calls) => {
  await control.run("faults", { planned: calls.map(([match]) => ({ match, kind: "status", status: 404, times: 1 })) });
  const number = await open();
  expect(checksOf(number)).toEqual([REVIEW]);
  expect(setting.visible(number).comments).toHaveLength(1);
  await expectNextReview(number);
});
