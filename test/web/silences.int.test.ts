import { beforeEach, expect, it, onTestFinished } from "vitest";
import { createLog } from "../../src/log.js";
import { UNTRACKED } from "../../src/telemetry/error-tracker.js";
import { createSite } from "../../src/web/pages/site.js";
import { SCOPES, type Viewer } from "../../src/web/viewer.js";
import { withDatabase } from "../support/database.js";

const { store } = await withDatabase();
const { sql } = store;
const GUID = "00000000-0000-4000-8000-000000000012";

const ada: Viewer = {
  kind: "user",
  login: "ada",
  userId: 7n,
  avatarUrl: null,
  installations: [{ id: 1n, account: "acme", role: "admin", repositories: "all" }],
  operator: false,
  csrf: "",
  scopes: new Set(SCOPES),
};

function siteOf({ dryRun = false } = {}) {
  return createSite({
    store,
    clock: { now: () => new Date() },
    log: createLog({ level: "silent" }),
    errors: UNTRACKED,
    viewerOf: () => Promise.resolve(ada),
    signInPath: null,
    publicUrl: undefined,
    serverUrl: "https://github.com",
    dryRun,
    version: "0.0.0",
    healthEveryMs: 60_000,
    settings: [],
    doctor: null,
    wakeJobs: () => Promise.resolve(),
    wakeDeliveries: () => Promise.resolve(),
  });
}

/** acme/shop with the open pull request 12 and the open issue 13, and the delivery that opened the pull request. */
beforeEach(async () => {
  await sql.query(
    `TRUNCATE installations, repositories, repository_settings, pull_requests, issues, deliveries, delivery_bodies, jobs, agent_runs,
       effects, findings, sync_runs, app_settings`,
  );
  await sql.query(
    `INSERT INTO installations (id, account_login, account_type, updated_at, content_hash) VALUES (1, 'acme', 'Organization', now(), '')`,
  );
  await sql.query(
    `INSERT INTO repositories (id, installation_id, owner_login, name, full_name, updated_at, content_hash)
     VALUES (10, 1, 'acme', 'shop', 'acme/shop', now(), '')`,
  );
  await sql.query(
    `INSERT INTO pull_requests (id, installation_id, repository_id, number, title, state, head_ref, head_sha, base_ref, base_sha,
       created_at, updated_at, core_updated_at, content_hash)
     VALUES (12, 1, 10, 12, 'A change', 'open', 'h', 'aaaaaaa', 'main', 'bbbbbbb', now(), now(), now(), '')`,
  );
  await sql.query(
    `INSERT INTO issues (id, installation_id, repository_id, number, title, state, created_at, updated_at, content_hash)
     VALUES (13, 1, 10, 13, 'A question', 'open', now(), now(), '')`,
  );
  await sql.query(
    `INSERT INTO deliveries (guid, event, action, content_type, body_bytes, installation_id, repository_id, subject, status, processed_at)
     VALUES ($1, 'pull_request', 'opened', 'application/json', 2, 1, 10, 'pull_request:12', 'processed', now())`,
    [GUID],
  );
});

interface Silence {
  readonly paste?: string;
  readonly dryRun?: true;
  plant(): Promise<unknown>;
  readonly reason: string;
  readonly step: string;
}

interface Run {
  readonly skipped?: string;
  readonly reason: string;
  readonly agent?: string;
  readonly number?: number;
  readonly shadow?: boolean;
  readonly status?: string;
  readonly decision?: unknown;
}

function run({ skipped, reason, agent = "code-review", number = 12, shadow = false, status, decision }: Run) {
  return sql.query(
    `INSERT INTO agent_runs (installation_id, repository_id, agent, number, subject, head_sha, trigger, status, skipped, reason, shadow,
       decision, created_at, delivery_guid)
     VALUES (1, 10, $1, $2::int, 'x:' || $2::int, 'aaaaaaa', 'pull request', $3, $4, $5, $6, $7::jsonb, now(), $8)`,
    [agent, number, status ?? "done", skipped ?? null, reason, shadow, JSON.stringify(decision ?? {}), GUID],
  );
}

const set = (table: string, change: string) => sql.query(`UPDATE ${table} SET ${change}`);

function job(status: string, due: string, more: { readonly kind?: string; readonly error?: string } = {}) {
  return sql.query(
    `INSERT INTO jobs (installation_id, repository_id, number, delivery_guid, queue, name, key, payload, status, attempts, max_attempts,
       run_at, error_kind, error)
     VALUES (1, 10, 12, $1, 'agents', 'review', '10#12', '{}', $2, 1, 8, now() + $3::interval, $4, $5)`,
    [GUID, status, due, more.kind ?? null, more.error ?? null],
  );
}

const sync = (status: string, reason: string) =>
  sql.query(
    `INSERT INTO sync_runs (installation_id, mode, requested_by, status, reason, created_at, resume_at)
     VALUES (1, 'full', 'test', $1, $2, now(), now() + interval '1 hour')`,
    [status, reason],
  );

const check = {
  kind: "check-run",
  repository: { id: "10", owner: "acme", name: "shop" },
  occasion: "x",
  reason: "the result of the review",
  name: "companyos / review",
  headSha: "aaaaaaa",
  status: "completed",
  conclusion: "neutral",
  title: "No problems found; 1 file not read completely",
  summary: "",
  annotations: [],
};

/** By the question that people ask: what is wrong, what the page gives as the reason, and the next step that it names. */
const SILENCES: Readonly<Record<string, Silence>> = {
  "the pull request is a draft": {
    plant: () => run({ skipped: "draft", reason: "Not reviewed: it is a draft." }),
    reason: "Not reviewed: it is a draft.",
    step: "mark the pull request as ready for review",
  },
  "all files are ignored": {
    plant: () => run({ skipped: "ignored-paths", reason: "Not reviewed: every changed file is ignored." }),
    reason: "every changed file is ignored",
    step: "change review.ignore.paths",
  },
  "the author is a bot": {
    plant: () => run({ skipped: "ignored-author", reason: "Not reviewed: changes of dependabot[bot] are ignored." }),
    reason: "changes of dependabot[bot] are ignored",
    step: "change review.ignore.authors",
  },
  "a label stops the review": {
    plant: () => run({ skipped: "ignored-label", reason: "Not reviewed: the label wip." }),
    reason: "the label wip",
    step: "take the label off",
  },
  "reviews are switched off": {
    plant: () => run({ skipped: "disabled", reason: "Not reviewed: reviews are switched off in the settings." }),
    reason: "switched off in the settings",
    step: "set review.enabled to true",
  },
  "a permission is missing": {
    plant: () => run({ skipped: "not-permitted", reason: "The App lacks pull_requests: write." }),
    reason: "The App lacks pull_requests: write.",
    step: "accept the permissions that the App asks for",
  },
  "the repository is in shadow mode": {
    plant: () => run({ reason: "Reviewed: 2 warnings new.", shadow: true }),
    reason: "Shadow run: nothing was written",
    step: "remove shadow: true",
  },
  "the check is neutral": {
    plant: () =>
      run({
        reason: "Reviewed: nothing new.",
        decision: { effects: [check], gaps: [{ path: "dist/app.js", reason: "its change is too large" }] },
      }),
    reason: "The check is neutral: dist/app.js could not be read completely: its change is too large.",
    step: "review these files by hand",
  },
  "the issue was closed first": {
    paste: "acme/shop#13",
    plant: () => run({ agent: "triage", number: 13, skipped: "closed", reason: "the issue is closed" }),
    reason: "the issue is closed",
    step: "reopen the issue",
  },
  "the repository is archived": {
    plant: () => set("repositories", "archived = true"),
    reason: "The repository is archived.",
    step: "unarchive the repository",
  },
  "the App lost access to the repository": {
    plant: () => set("repositories", "access_removed_at = now()"),
    reason: "The App has no access to this repository.",
    step: "give the App access to the repository again",
  },
  "the repository is denied": {
    paste: "https://github.com/acme/secret/pull/4",
    plant: () => set("installations", "deny_repositories = '{acme/sec*}'"),
    reason: "the organisation denies acme/secret (acme/sec*)",
    step: "companyos-github repositories allow",
  },
  "the settings file has a mistake": {
    plant: () =>
      sql.query(
        `INSERT INTO repository_settings (repository_id, installation_id, settings, problems, read_at, good_at)
         VALUES (10, 1, '{}', '[{"line": 3, "setting": "review.rules.secret", "problem": "\\"loud\\" is not a level"}]', now(), now())`,
      ),
    reason: "line 3: review.rules.secret: &quot;loud&quot; is not a level",
    step: "correct .github/companyos.yml",
  },
  "writes are paused": {
    plant: () => set("installations", "writes_paused_at = now(), writes_paused_reason = 'too many comments'"),
    reason: "Writes to GitHub are paused for acme.",
    step: "companyos-github writes resume",
  },
  "the app runs dry": {
    dryRun: true,
    plant: () => Promise.resolve(),
    reason: "The app runs with DRY_RUN.",
    step: "unset DRY_RUN and restart",
  },
  "the installation is suspended": {
    plant: () => set("installations", "suspended_at = now()"),
    reason: "The installation is suspended.",
    step: "unsuspend the App",
  },
  "the App was uninstalled": {
    plant: () => set("installations", "deleted_at = now()"),
    reason: "The App was uninstalled.",
    step: "install the App again",
  },
  "the quota is used up": {
    plant: () => job("waiting", "20 minutes", { kind: "rate-limit", error: "the quota of core is spent" }),
    reason: "The quota at GitHub is used up.",
    step: "It continues by itself at",
  },
  "GitHub does not respond": {
    plant: () => job("waiting", "20 minutes", { kind: "network", error: "connect ETIMEDOUT" }),
    reason: "GitHub does not respond.",
    step: "It continues by itself at",
  },
  "no worker takes the job": {
    plant: () => job("waiting", "-5 minutes"),
    reason: "is due and no worker has taken it",
    step: "start a worker (ROLE=all or ROLE=worker)",
  },
  "the job failed for good": {
    plant: () => job("failed", "0", { kind: "unknown", error: "Cannot read the diff" }),
    reason: "Cannot read the diff",
    step: "replay the delivery",
  },
  "no worker takes the delivery": {
    plant: () =>
      set("deliveries", "status = 'received', processed_at = NULL, received_at = now() - interval '5 minutes'"),
    reason: "no worker has taken it",
    step: "start a worker (ROLE=all or ROLE=worker)",
  },
  "the delivery failed": {
    plant: () => set("deliveries", "status = 'failed', error = 'the payload has no head'"),
    reason: "the payload has no head",
    step: "replay the delivery",
  },
  "the body of the delivery was deleted": {
    paste: GUID,
    plant: () => Promise.resolve(),
    reason: "This delivery cannot be replayed.",
    step: "GitHub redelivers for three days",
  },
  "the sync stopped": {
    plant: () => sync("failed", "GitHub refused the installation token"),
    reason: "GitHub refused the installation token",
    step: "press &#39;Sync now&#39; on the Sync page",
  },
  "the sync waits for quota": {
    plant: () => sync("paused", "the quota of graphql is reserved for live work"),
    reason: "The sync is paused until",
    step: "It continues by itself",
  },
  "the pull request was closed before a review": {
    plant: () => set("pull_requests", "state = 'closed'"),
    reason: "No agent has run on this yet.",
    step: "It was closed before an agent began.",
  },
  "the App is not installed there": {
    paste: "globex/api#1",
    plant: () => Promise.resolve(),
    reason: "The App is not installed on globex",
    step: "An owner of globex can install it.",
  },
};

it.each(Object.entries(SILENCES))("answers within one click from the search: %s", async (_question, silence) => {
  await silence.plant();
  const site = siteOf(silence);
  onTestFinished(() => site.close());
  const found = await site.app.request(`/find?q=${encodeURIComponent(silence.paste ?? "acme/shop#12")}`);
  expect(found.status).toBe(303);
  const page = await (await site.app.request(found.headers.get("location") ?? "")).text();
  const text = page.replaceAll(/<[^>]+>/g, "").replaceAll(/\s+/g, " ");
  expect(text).toContain(silence.reason);
  expect(text).toContain(silence.step);
});
