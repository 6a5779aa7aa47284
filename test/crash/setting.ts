import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { startGitHubProcess, type GitHubProcess } from "../../simulator/index.js";
import type { Sql } from "../../src/store/store.js";
import type { CrashTask } from "./app-process.js";

/** An organisation of one repository whose issues are answered, in a process of its own. */
export interface Organisation {
  readonly github: GitHubProcess;
  readonly repository: string;
}

export async function startOrganisation(): Promise<Organisation> {
  // A quota hour of 36 s: the limits are enforced, and the bursts of these tests stay below them.
  const github = await startGitHubProcess({ limits: { hour: 36 } });
  const repository = "acme/site";
  await github.control.apply("createRepository", { repository });
  await github.control.apply("install", {});
  return { github, repository };
}

export function taskFor({ github }: Organisation, databaseUrl: string, more: Partial<CrashTask> = {}): CrashTask {
  const { url, graphqlUrl, appId, privateKey, webhookSecret } = github;
  return {
    databaseUrl,
    redisUrl: null,
    queueNamespace: `crash_${randomBytes(4).toString("hex")}`,
    github: { url, graphqlUrl, appId, privateKey, webhookSecret },
    ...more,
  };
}

/** How many deliveries GitHub has attempted so far: where a test's own begin. */
export async function attemptsSoFar({ github }: Organisation): Promise<number> {
  return (await github.control.run("deliveries", {})).length;
}

/** Resolves when the app has answered 202 to one of the attempts after `since`. */
export async function untilAcknowledged({ github }: Organisation, since: number): Promise<void> {
  for (;;) {
    const attempts = await github.control.run("deliveries", {});
    if (attempts.slice(since).some(({ statusCode }) => statusCode === 202)) return;
    await delay(10);
  }
}

/** How many of the deliveries after `since` have their row and were never answered 202. */
export async function storedUnanswered({ github }: Organisation, sql: Sql, since: number): Promise<number> {
  const attempts = (await github.control.run("deliveries", {})).slice(since);
  const answered = new Set(attempts.filter(({ statusCode }) => statusCode === 202).map(({ guid }) => guid));
  const stored = new Set((await sql.query("SELECT guid FROM deliveries")).map(({ guid }) => guid));
  return new Set(attempts.map(({ guid }) => guid).filter((guid) => stored.has(guid) && !answered.has(guid))).size;
}

/** Opens issues one after another; gives their numbers. */
export async function openIssues({ github, repository }: Organisation, count: number): Promise<number[]> {
  const numbers: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const { number } = await github.control.apply("openIssue", { repository, title: `Issue ${index}` });
    if (number !== undefined) numbers.push(number);
  }
  return numbers;
}

/** An issue that waits for a person to be first is no work yet. */
const UNFINISHED = `
  SELECT (SELECT count(*)::int FROM deliveries WHERE status IN ('received', 'processing', 'retry')) AS deliveries,
    (SELECT count(*)::int FROM jobs WHERE status IN ('waiting', 'running')
      AND NOT (name = 'triage' AND run_at > now() + interval '30 s')
      AND NOT (name = 'deployment-protection' AND attempts = 0 AND run_at > now() + interval '1 s')) AS jobs`;

/** Waits until the tables say that nothing is left to do. Rejects when `stop` says that nobody wants to know any more. */
export async function untilFinished(sql: Sql, withinMs: number, stop?: AbortSignal): Promise<void> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    stop?.throwIfAborted();
    const [row] = await sql.query(UNFINISHED).catch(() => []);
    if (row?.["deliveries"] === 0 && row["jobs"] === 0) return;
    if (Date.now() > deadline) throw new Error(`after ${withinMs} ms there is still work: ${JSON.stringify(row)}`);
    await delay(100);
  }
}

export interface Outcome {
  /** Deliveries that were answered 202 and are not finished. */
  readonly lost: readonly string[];
  /** Issues whose delivery was answered 202, by their number of comments of ours. */
  readonly comments: Readonly<Record<number, number>>;
  /** Why, of each job that was given up. */
  readonly failedJobs: readonly string[];
  readonly acknowledged: number;
  readonly attempted: number;
}

/** Compares what GitHub was told with what the tables and GitHub's issues show. */
export async function outcomeOf(
  { github }: Organisation,
  sql: Sql,
  { numbers, since }: { readonly numbers: readonly number[]; readonly since: number },
): Promise<Outcome> {
  const attempts = (await github.control.run("deliveries", {})).slice(since);
  const sent = attempts.filter(({ statusCode }) => statusCode === 202);
  const rows = await sql.query("SELECT guid, subject, event, status FROM deliveries");
  const done = new Set(
    rows.filter((row) => ["processed", "skipped"].includes(String(row["status"]))).map((row) => row["guid"]),
  );
  const issuesSeen = new Set(rows.filter((row) => row["event"] === "issues").map((row) => row["subject"]));
  const { comments } = await github.control.run("dump", {});
  const failed = await sql.query(
    "SELECT concat_ws(': ', name, attempts, reason, error) AS why FROM jobs WHERE status = 'failed'",
  );
  return {
    lost: sent.filter(({ guid }) => !done.has(guid)).map(({ guid }) => guid),
    comments: Object.fromEntries(
      numbers
        .filter((number) => issuesSeen.has(`issue:${number}`))
        .map((number) => [number, comments.filter((comment) => comment.number === number).length]),
    ),
    failedJobs: failed.map(({ why }) => String(why)),
    acknowledged: sent.length,
    attempted: attempts.length,
  };
}
