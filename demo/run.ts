import { setTimeout as delay } from "node:timers/promises";
import pc from "picocolors";
import { z } from "zod";
import type { Sql } from "../src/store/store.js";
import { exampleDeliveries, partingDeliveries } from "./examples.js";
import type { Control } from "../simulator/index.js";
import { trusted } from "../simulator/control/trusted.js";
import { progress } from "./progress.js";
import { triageLine, triageScene } from "./triage.js";
import { reviewComplaints, reviewLine } from "./review.js";
import { jobCounts, mirrored, renderReport, reportRows } from "./report.js";

/** The installation of the examples that have none. */
const EXAMPLES_INSTALLATION = 2_311_213;
const POLL_MS = 100;
/** How long nothing may move before the demo gives up (ms). */
const PATIENCE_MS = 60_000;

const Count = z.object({ count: z.coerce.number() });

async function count(sql: Sql, query: string): Promise<number> {
  const [row] = await sql.query(query);
  return Count.parse(row).count;
}

const FINISHED = "SELECT count(*) FROM deliveries WHERE status NOT IN ('received', 'processing', 'retry')";
const UNFINISHED = `SELECT (SELECT count(*) FROM deliveries WHERE status IN ('received', 'processing', 'retry'))
  + (SELECT count(*) FROM jobs WHERE status = 'running' OR (status = 'waiting' AND run_at <= now() + interval '5 s')) AS count`;

/**
 * Delivers GitHub's published examples of the eight event types, signed, and waits until each has been worked on. Then their
 * accounts take their leave: what they brought stays to be looked at, and nothing is asked about them.
 */
export async function deliverExamples(control: Control, sql: Sql, signal: AbortSignal): Promise<void> {
  const examples = exampleDeliveries(EXAMPLES_INSTALLATION);
  const before = await count(sql, FINISHED);
  const bar = progress("GitHub's examples", examples.length);
  const started = Date.now();
  for (const { event, payload } of examples)
    await control.run("deliver", { event: trusted(event), payload: trusted(payload) });
  await control.run("idle", {});
  await until(async () => {
    const done = (await count(sql, FINISHED)) - before;
    bar.at(done);
    return { ended: done >= examples.length, moved: done };
  }, signal);
  bar.end(`${Date.now() - started} ms`);
  for (const { event, payload } of partingDeliveries(examples))
    await control.run("deliver", { event: trusted(event), payload: trusted(payload) });
  await control.run("idle", {});
}

/** Plays the story, a line for each step, as fast as the deliveries are taken. Gives what of it did not come out. */
export async function playStory(
  control: Control,
  sql: Sql,
  say: (text: string) => void,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const complaints: string[] = [];
  say(`\n  ${pc.bold("A week at acme")}`);
  for (let step = 0; !signal.aborted; step += 1) {
    const told = await control.run("story", { step });
    if (told.step) say(`    ${told.step}`);
    await control.run("idle", {});
    await settle(sql, signal);
    complaints.push(...(await reviewComplaints(control, told.step)));
    if (told.done) break;
  }
  if (!signal.aborted) complaints.push(...(await triageScene(control, say, () => settle(sql, signal))));
  return complaints;
}

/** Waits until no delivery and no due job is left. */
export async function settle(sql: Sql, signal: AbortSignal): Promise<void> {
  await until(async () => {
    const left = await count(sql, UNFINISHED);
    return { ended: left === 0, moved: left };
  }, signal);
}

async function until(look: () => Promise<{ ended: boolean; moved: number }>, signal: AbortSignal): Promise<void> {
  let last = Number.NaN;
  let movedAt = Date.now();
  while (!signal.aborted) {
    const { ended, moved } = await look();
    if (ended) return;
    if (moved !== last) movedAt = Date.now();
    last = moved;
    if (Date.now() - movedAt > PATIENCE_MS) throw new Error(`no progress for ${PATIENCE_MS / 1000} s`);
    await delay(POLL_MS);
  }
}

export interface Verdict {
  readonly report: string;
  /** What did not work; empty when all did. */
  readonly complaints: readonly string[];
  /** Something to explain. */
  readonly example: string;
}

const TABLES = [
  "repositories",
  "pull_requests",
  "reviews",
  "issues",
  "issue_comments",
  "commits",
  "deployments",
  "releases",
];

/** Compares what GitHub sent with what the app has done with it. */
export async function verdictOf(control: Control, sql: Sql): Promise<Verdict> {
  const [rows, jobs, sent, counters, tables] = await Promise.all([
    reportRows(sql),
    jobCounts(sql),
    control.run("deliveries", {}),
    control.run("counters", {}),
    mirrored(sql, TABLES),
  ]);
  const stored = await sql.query("SELECT guid FROM deliveries");
  const guids = new Set(stored.map((row) => row["guid"]));
  const complaints = [
    ...sent
      .filter(({ statusCode }) => statusCode !== 202)
      .map((d) => `${d.event} ${d.guid} was answered ${d.statusCode}`),
    ...sent.filter(({ guid }) => !guids.has(guid)).map((d) => `${d.event} ${d.guid} is not stored`),
    ...rows.filter(({ failed }) => failed > 0).map((row) => `${row.failed} ${row.event} failed`),
    ...rows.filter(({ pending }) => pending > 0).map((row) => `${row.pending} ${row.event} are unfinished`),
    ...(jobs["failed"] ? [`${jobs["failed"]} jobs failed`] : []),
    ...Object.entries(counters.unhandled).map(([what, times]) => `not simulated: ${what} (${times} times)`),
  ];
  const jobsText = Object.entries(jobs).map(([status, number]) => `${number} ${status}`);
  const report = [
    renderReport(rows),
    `  deliveries: ${sent.length} sent, ${guids.size} stored   jobs: ${jobsText.join(", ") || "none"}`,
    `  mirror: ${tables.join(", ")}`,
    `  ${await reviewLine(sql)}`,
    `  ${await triageLine(sql)}`,
  ].join("\n");
  const [last] = await sql.query("SELECT guid FROM deliveries WHERE event = 'pull_request' ORDER BY id DESC LIMIT 1");
  return { report, complaints, example: typeof last?.["guid"] === "string" ? last["guid"] : "" };
}
