import type { PullRequestFact } from "../src/facts/fact.js";
import { createLog } from "../src/log.js";
import { withTemporary } from "../src/store/embedded/temporary.js";
import { applyFacts } from "../src/store/facts/apply.js";
import { migrate } from "../src/store/migrate.js";
import { openStore, type Store } from "../src/store/store.js";
import { median } from "./load/median.js";

type Report = (figure: Record<string, unknown>) => void;

const ROWS = 20_000;
const PAGE = 2_000;
/** Prisma writes this many of the 20,000: its rate is the same for all, and the whole would take minutes. */
const SAMPLE = 500;
const ROUNDS = 5;
const TARGET = 40;
const SECOND_MS = 1_000;

/**
 * Stores 20,000 pull requests by the set-based upsert, and a sample of them one by one through Prisma's `upsert`, on one
 * durable database in turn: into an empty table, then newer versions of the same rows. Last, what the set-based way makes
 * of a label and an assignee for each.
 */
export async function run(report: Report): Promise<void> {
  const log = createLog({ level: "warn" });
  await withTemporary({ prefix: "companyos-bench-", log, durable: true }, async (url) => {
    await migrate(url, { log });
    const store = openStore({ url, poolSize: 2, applicationName: "companyos bench" });
    try {
      await compare(report, store);
    } finally {
      await store.close();
    }
  });
}

async function compare(report: Report, store: Store): Promise<void> {
  const [setting] = await store.sql.query(
    "SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS synchronous_commit",
  );
  report({ figure: "store database", ...setting, rows: ROWS, page: PAGE, sample: SAMPLE, rounds: ROUNDS });
  for (const kind of ["insert", "update"] as const) {
    const ours: number[] = [];
    const prisma: number[] = [];
    for (let round = 1; round <= ROUNDS; round += 1) {
      // A fresh table to insert into; the round before to update.
      if (kind === "insert")
        await store.sql.query("TRUNCATE pull_requests, pull_request_labels, assignees, review_requests");
      const version = kind === "insert" ? 1 : round + 1;
      const facts = pullRequests(version, false);
      ours.push(await rate(ROWS, () => setBased(store, facts)));
      // The same version again one by one: other ids, so that each way does its own work.
      const sample = facts
        .slice(0, SAMPLE)
        .map((fact) => ({ ...fact, row: { ...fact.row, id: fact.row.id + 1_000_000 } }));
      prisma.push(await rate(SAMPLE, () => oneByOne(store, sample)));
    }
    const ratio = median(ours) / median(prisma);
    const perSecond = { setBased: Math.round(median(ours)), prismaOneByOne: Math.round(median(prisma)) };
    report({
      figure: `store ${kind}`,
      perSecond,
      ratio: Number(ratio.toFixed(1)),
      target: TARGET,
      met: ratio >= TARGET,
    });
  }
  const linked: number[] = [];
  for (let round = 1; round <= ROUNDS; round += 1) {
    const facts = pullRequests(ROWS + round, true);
    linked.push(await rate(ROWS, () => setBased(store, facts)));
  }
  report({
    figure: "store update with a label and an assignee each",
    perSecond: { setBased: Math.round(median(linked)) },
  });
}

function pullRequests(version: number, linked: boolean): PullRequestFact[] {
  return Array.from({ length: ROWS }, (_, index) => pullRequest(index + 1, version, linked));
}

async function rate(rows: number, work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return (rows / (performance.now() - began)) * SECOND_MS;
}

async function setBased(store: Store, facts: readonly PullRequestFact[]): Promise<void> {
  for (let from = 0; from < facts.length; from += PAGE) {
    const page = facts.slice(from, from + PAGE);
    await store.transaction((sql) => applyFacts(sql, page, { installationId: 1n, now: new Date() }));
  }
}

/** What a mirror without sets would do; it is spared the guard against older versions. */
async function oneByOne(store: Store, facts: readonly PullRequestFact[]): Promise<void> {
  for (const { row } of facts) {
    const data = {
      ...row,
      installation_id: 1n,
      repository_id: BigInt(row.repository_id),
      author_id: row.author_id === null ? null : BigInt(row.author_id),
      head_repository_id: row.head_repository_id === null ? null : BigInt(row.head_repository_id),
      merged_by_id: row.merged_by_id === null ? null : BigInt(row.merged_by_id),
      content_hash: "-",
    };
    await store.prisma.pullRequest.upsert({ where: { id: BigInt(row.id) }, create: data, update: data });
  }
}

function pullRequest(number: number, version: number, linked: boolean): PullRequestFact {
  const at = new Date(Date.UTC(2026, 0, 1) + version * SECOND_MS).toISOString();
  return {
    entity: "pull_request",
    key: `acme/one#${number}`,
    observedAt: null,
    deleted: false,
    row: {
      id: number,
      repository_id: 7,
      node_id: `PR_${number}`,
      number,
      title: `Change number ${number}, version ${version}`,
      body: "What it changes, and why. ".repeat(20),
      state: "open",
      draft: false,
      locked: false,
      author_id: 3,
      author_login: "octocat",
      author_association: "MEMBER",
      head_ref: `topic-${number}`,
      head_sha: String(number).padStart(40, "a"),
      head_repository_id: 7,
      base_ref: "main",
      base_sha: "b".repeat(40),
      merge_commit_sha: null,
      merged: false,
      merged_at: null,
      closed_at: null,
      created_at: at,
      updated_at: at,
      core_updated_at: at,
      details_updated_at: at,
      merged_by_id: null,
      merged_by_login: null,
      additions: number % 100,
      deletions: version,
      changed_files: 3,
      commits: 2,
    },
    sets: {
      labels: linked ? [{ label_id: number % 10, name: `label ${number % 10}` }] : [],
      assignees: linked ? [{ user_id: 3 + (version % 2), login: "octocat" }] : [],
      reviewers: [],
      teams: [],
    },
  };
}
