import { afterAll, beforeAll, expect, test } from "vitest";
import { requestSync } from "../src/jobs/sync/request-sync.js";
import { complaintsAbout, type Series, seriesOf, valueOf } from "./support/prometheus.js";
import { startSystem, type System } from "./support/system.js";

const REPOSITORIES = 10_000;
const INSTALLATIONS = 200;
/** Repositories that have traffic of their own; of the others there are rows. */
const BUSY = 40;

let system: System;
let few: string;
let many: string;

async function page(): Promise<string> {
  return (await fetch(`${system.url()}/metrics`)).text();
}

/** Everything that this process counts: deliveries, jobs, calls, a sync, a look at its health. */
async function work(repositories: readonly string[]): Promise<void> {
  const { control } = system.github;
  for (const repository of repositories) {
    await control.apply("openIssue", { repository, title: "One more" });
    await control.apply("openPull", { repository, title: "And a change" });
  }
  const { store } = system.database;
  const wish = {
    installationId: BigInt(system.installation),
    mode: "full",
    subject: null,
    requestedBy: "a test",
  } as const;
  await requestSync({ store, clock: { now: () => new Date() } }, wish);
  await system.look();
}

/** Rows of repository n, of installation n modulo INSTALLATIONS, in each table that the metrics are read from. */
const ROWS = [
  `INSERT INTO installations (id, account_login, account_type, updated_at, content_hash)
   SELECT 5000000 + n, 'tenant-' || n, 'Organization', now(), '' FROM generate_series(0, ${INSTALLATIONS - 1}) n`,
  `INSERT INTO repositories (id, installation_id, owner_login, name, full_name, updated_at, content_hash)
   SELECT 6000000 + n, i, 'tenant-' || n, 'project-' || n, 'tenant-' || n || '/project-' || n, now(), '' FROM each`,
  `INSERT INTO deliveries (guid, event, content_type, body_bytes, status, installation_id, repository_id, subject)
   SELECT gen_random_uuid()::text, 'event-' || n, 'application/json', 0, 'failed', i, 6000000 + n, 'issue:' || n FROM each`,
  `INSERT INTO jobs (installation_id, queue, name, key, payload, max_attempts, run_at)
   SELECT i, (ARRAY['agents', 'sync', 'health'])[1 + n % 3], 'job-of-' || n, 'tenant-' || n || '/project-' || n, '{}', 1,
     now() + interval '1 day' FROM each`,
  `INSERT INTO jobs (installation_id, queue, name, key, payload, max_attempts, status, error_kind)
   SELECT i, (ARRAY['agents', 'sync', 'health'])[1 + n % 3], 'job-of-' || n, 'project-' || n, '{}', 1, 'failed', 'unknown' FROM each`,
  `INSERT INTO sync_runs (installation_id, repository_id, mode, subject, requested_by, status, created_at, resume_at)
   SELECT i, 6000000 + n, 'spot', 'tenant-' || n || '/project-' || n, 'a test', 'paused', now(), now() + interval '1 day' FROM each`,
  `INSERT INTO sync_cursors (installation_id, repository_id, entity, lane, status)
   SELECT i, 6000000 + n, 'issues', 'x', 'failed' FROM each`,
  `INSERT INTO rate_budgets (installation_id, resource, blocked_until)
   SELECT DISTINCT i, resource, now() + interval '1 day' FROM each, unnest(ARRAY['graphql', 'core']) resource`,
  `INSERT INTO health_checks (scope, "check", installation_id, state, alert, since, reason, checked_at)
   SELECT DISTINCT i::text, 'quota', i, 'degraded', true, now(), 'a test', now() FROM each`,
  `INSERT INTO alerts (installation_id, dedupe_key, kind, severity, title, detail, remedy, opened_at, last_seen_at)
   SELECT i, 'test/' || n, 'dead-letter', 'warning', 'project-' || n, '', '', now(), now() FROM each`,
  `INSERT INTO alert_notices (alert_id, sink, installation_id, error, retry_at)
   SELECT id, 'issue', installation_id, 'no answer', now() + interval '1 day' FROM alerts WHERE dedupe_key LIKE 'test/%'`,
];
const EACH = `WITH each AS (SELECT n, 5000000 + n % ${INSTALLATIONS} AS i FROM generate_series(0, ${REPOSITORIES - 1}) n)`;

beforeAll(async () => {
  system = await startSystem();
  await work(["acme/site"]);
  few = await page();
  const busy = Array.from({ length: BUSY }, (_, index) => `acme/project-${index}`);
  for (const repository of busy) await system.github.control.apply("createRepository", { repository });
  await work(busy);
  for (const rows of ROWS) await system.database.store.sql.query(`${EACH} ${rows}`);
  many = await page();
}, 180_000);
afterAll(() => system.close());

/** Without the bounds of a histogram's buckets: what is left is the label sets that people choose. */
function labelSets(text: string): ReadonlyMap<string, ReadonlySet<string>> {
  const sets = new Map<string, Set<string>>();
  for (const { name, labels } of seriesOf(text)) {
    const { le: _bound, ...rest } = labels;
    sets.set(name, (sets.get(name) ?? new Set()).add(JSON.stringify(rest)));
  }
  return sets;
}

test("counts rows of 10,000 repositories", () => {
  for (const queue of ["agents", "sync", "health"])
    for (const status of ["waiting", "failed"])
      expect(valueOf(many, "companyos_jobs", { queue, status })).toBeGreaterThanOrEqual(Math.floor(REPOSITORIES / 3));
  expect(valueOf(many, "companyos_sync_runs_open", { status: "paused" })).toBe(REPOSITORIES);
  expect(valueOf(many, "companyos_alerts_open", { kind: "dead-letter" })).toBeGreaterThanOrEqual(REPOSITORIES);
  expect(valueOf(many, "companyos_alert_notices_unsent", { sink: "issue" })).toBe(REPOSITORIES);
  expect(valueOf(many, "companyos_integration_health", { status: "degraded" })).toBe(INSTALLATIONS);
  expect(valueOf(many, "companyos_budget_exhausted_installations", { resource: "core" })).toBe(INSTALLATIONS);
  const worked = "companyos_deliveries_processed_total";
  expect(valueOf(many, worked) - valueOf(few, worked)).toBeGreaterThan(BUSY);
});

test("every metric has few series", () => {
  for (const [name, sets] of labelSets(many)) expect(sets.size, name).toBeLessThanOrEqual(25);
  expect(seriesOf(many).length).toBeLessThan(600);
  expect(complaintsAbout(many)).toEqual([]);
});

test("has more statuses and kinds, not more series for repositories", () => {
  const before = labelSets(few);
  const more = [...labelSets(many)].flatMap(([name, sets]) => [...sets].filter((set) => !before.get(name)?.has(set)));
  expect(more.length).toBeLessThan(BUSY);
});

test("no repository, account, issue or id is the value of a label", () => {
  const owned = (series: Series): boolean =>
    Object.entries(series.labels).some(
      ([key, value]) => key !== "le" && /project|tenant|acme|site|job-of|event-|issue:|\/|\d{4}/.test(value),
    );
  const ours = seriesOf(many).filter(({ name }) => name.startsWith("companyos_"));
  expect(ours.length).toBeGreaterThan(100);
  expect(ours.filter(owned)).toEqual([]);
});
