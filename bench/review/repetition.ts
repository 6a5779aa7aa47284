import { setTimeout as wait } from "node:timers/promises";
import { QUIET_MS } from "../../src/host/agents.js";
import { type Live, REPOSITORY, withLive } from "./live.js";

type Report = (figure: Record<string, unknown>) => void;

const BURST = 100;
const BURST_MS = 9_500;
const SPREAD = 10;

const content = (above: number) => `${"// above\n".repeat(above)}export const a = 1;\ndebugger;\n`;

/** How often a pull request is reviewed, and how often one finding is told, when there are many pushes. */
export async function runRepetition(report: Report): Promise<void> {
  await withLive({}, (live) => burst(live, report));
  await withLive({ quietMs: 0 }, (live) => spread(live, report));
}

async function openPull({ github }: Live): Promise<number> {
  const commits = [{ message: "Begin", files: [{ path: "src/a.ts", content: content(0) }] }];
  const opened = await github.control.apply("openPull", { repository: REPOSITORY, title: "Pay", head: "pay", commits });
  return opened.number ?? 0;
}

async function push({ github }: Live, above: number): Promise<string> {
  const commits = [{ message: `Push ${above}`, files: [{ path: "src/a.ts", content: content(above) }] }];
  return (await github.control.apply("push", { repository: REPOSITORY, branch: "pay", commits })).sha ?? "";
}

async function burst(live: Live, report: Report): Promise<void> {
  const number = await openPull(live);
  await live.settle();
  await wait(QUIET_MS);
  const [before] = await live.sql.query(
    "SELECT coalesce(max(id), 0)::int AS id, (SELECT coalesce(max(id), 0)::int FROM jobs) AS job FROM agent_runs",
  );
  const began = Date.now();
  let last = "";
  for (let index = 1; index <= BURST; index += 1) {
    last = await push(live, index);
    await wait(Math.max(0, began + (index * BURST_MS) / BURST - Date.now()));
  }
  const tookMs = Date.now() - began;
  await live.settle();
  const runs = await live.sql.query("SELECT status, head_sha FROM agent_runs WHERE id > $1 ORDER BY id", [
    before?.["id"],
  ]);
  const seen = await live.github.control.run("review", { repository: REPOSITORY, number });
  const lastReviewed = runs.at(-1)?.["head_sha"] === last && runs.at(-1)?.["status"] === "done" && seen.checks === 1;
  report({
    figure: `review repetition: runs for ${BURST} pushes to one pull request`,
    withinMs: tookMs,
    runs: runs.length,
    jobAttempts: await attemptsSince(live, before?.["job"]),
    abandoned: runs.filter(({ status }) => status === "abandoned").length,
    lastHeadReviewed: lastReviewed,
    comments: seen.threads,
    target: "<= 2 runs, the last head reviewed",
    met: runs.length <= 2 && lastReviewed,
  });
}

async function spread(live: Live, report: Report): Promise<void> {
  const number = await openPull(live);
  await live.settle();
  for (let index = 1; index <= SPREAD; index += 1) {
    await push(live, index);
    await live.settle();
  }
  const [done] = await live.sql.query(
    "SELECT count(*)::int AS count FROM agent_runs WHERE status = 'done' AND skipped IS NULL",
  );
  const { threads, reviews } = await live.github.control.run("review", { repository: REPOSITORY, number });
  report({
    figure: `review repetition: comments for one finding in ${SPREAD} pushes`,
    heads: SPREAD + 1,
    reviewed: done?.["count"],
    jobAttempts: await attemptsSince(live, 0),
    reviews,
    comments: threads,
    target: "1 comment",
    met: threads === 1 && done?.["count"] === SPREAD + 1,
  });
}

/** How often a review job was started, those that only waited included: what a run's row does not show. */
async function attemptsSince({ sql }: Live, job: unknown): Promise<unknown> {
  const [row] = await sql.query(
    "SELECT coalesce(sum(attempts), 0)::int AS count FROM jobs WHERE name = 'review' AND id > $1",
    [job],
  );
  return row?.["count"];
}
