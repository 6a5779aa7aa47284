import { coursesOf } from "../../src/reports/dora/compute.js";
import { periodsOf } from "../../src/reports/dora/figures.js";
import { readRows } from "../../src/reports/dora/read.js";
import { DEFAULT_RULES } from "../../src/reports/dora/rows.js";
import type { Store } from "../../src/store/store.js";
import { median } from "../load/median.js";
import { emptyMirror } from "./mirror.js";
import { HOUR, START } from "./world.js";

const REPOSITORIES = 100;
const DEPLOYMENTS = 1_000;
const ROUNDS = 3;

/** 100,000 deployments in 100 repositories, two statuses and a commit each, a pull request for every fifth. */
async function plant(of: Store): Promise<void> {
  await emptyMirror(of);
  const at = `timestamptz '2026-01-05' + n * interval '6 hours'`;
  const from = `FROM generate_series(1, ${REPOSITORIES}) r, generate_series(1, ${DEPLOYMENTS}) n`;
  const sha = (n: string): string => `md5(r || ' ' || (${n})) || left(md5(r || '-' || (${n})), 8)`;
  const row = `updated_at, content_hash`;
  for (const statement of [
    `INSERT INTO commits (installation_id, repository_id, sha, message, parents, authored_at, committed_at)
     SELECT 1, r, ${sha("n")}, 'a change', CASE WHEN n = 1 THEN '{}' ELSE ARRAY[${sha("n - 1")}] END, ${at} - interval '3 hours', ${at} - interval '2 hours' ${from}`,
    `INSERT INTO deployments (id, installation_id, repository_id, sha, ref, task, environment, created_at, ${row})
     SELECT r * 10000 + n, 1, r, ${sha("CASE WHEN n % 40 = 0 THEN n - 2 ELSE n END")}, 'main', 'deploy', 'production', ${at}, ${at}, '' ${from}`,
    `INSERT INTO deployment_statuses (id, installation_id, repository_id, deployment_id, state, created_at, ${row})
     SELECT (r * 10000 + n) * 2 + s, 1, r, r * 10000 + n, CASE WHEN s = 0 THEN 'in_progress' ELSE 'success' END, ${at} + s * interval '5 minutes', ${at}, '' ${from}, generate_series(0, 1) s`,
    `INSERT INTO pull_requests (id, installation_id, repository_id, number, title, state, merged, merged_at, head_ref, head_sha, base_ref, base_sha,
       merge_commit_sha, commits, created_at, core_updated_at, ${row})
     SELECT r * 10000 + n, 1, r, n, 'a change', 'closed', true, ${at} - interval '2 hours', 'topic', md5('h' || r || n), 'main', '', ${sha("n")}, 1, ${at}, ${at}, ${at}, '' ${from} WHERE n % 5 = 0`,
    "ANALYZE",
  ])
    await of.sql.query(statement);
}

/** The same rows, read and not computed with. */
const SCAN = [
  `SELECT d.id, d.repository_id, d.environment, d.sha, d.ref, d.created_at, d.payload, d.workflow_run_id, s.id AS status_id, s.state,
     s.created_at AS state_at, s.log_url
   FROM deployments d LEFT JOIN deployment_statuses s ON s.deployment_id = d.id AND s.deleted_at IS NULL WHERE d.deleted_at IS NULL`,
  "SELECT repository_id, sha, parents, authored_at, committed_at, message FROM commits",
  "SELECT repository_id, number, head_sha, head_ref, merge_commit_sha, merged_at, commits, title FROM pull_requests WHERE merged",
];

/** How long the figures of everything take, beside the scan of the same rows and nothing else (ms). */
export async function scale(of: Store) {
  await plant(of);
  const scans: number[] = [];
  const wholes: number[] = [];
  const to = START + 400 * 24 * HOUR;
  let deployments = 0;
  for (let round = 0; round <= ROUNDS; round += 1) {
    const scan = await timed(async () => {
      for (const statement of SCAN) await of.sql.query(statement);
    });
    const whole = await timed(async () => {
      const rows = await readRows(of.sql, { repositories: null, incidentLabels: ["incident"], files: false });
      const services = Array.from({ length: REPOSITORIES }, (_, index) => ({
        name: String(index + 1),
        repositories: [index + 1],
        owns: null,
        rules: DEFAULT_RULES,
      }));
      const courses = coursesOf(rows, services);
      const span = { from: START, to, window: DEFAULT_RULES.window, now: to };
      const periods = courses.flatMap((course) => periodsOf(course, { ...span, unit: "month" }));
      deployments = periods.reduce((sum, { figures }) => sum + figures.deployments, 0);
    });
    // The first round warms both up.
    if (round > 0) {
      scans.push(scan);
      wholes.push(whole);
    }
  }
  return {
    deployments,
    scanMs: Math.round(median(scans)),
    wholeMs: Math.round(median(wholes)),
    ratio: median(wholes) / median(scans),
  };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
