import { deflateRawSync } from "node:zlib";
import { beforeEach, describe, expect, it } from "vitest";
import { createLog } from "../../src/log.js";
import { UNTRACKED } from "../../src/telemetry/error-tracker.js";
import { createSite } from "../../src/web/pages/site.js";
import { SCOPES, type Viewer } from "../../src/web/viewer.js";
import { withDatabase } from "../support/database.js";

const { store } = await withDatabase();
const ACME = 1n;
const OTHER = 2n;
const ORIGIN = "https://app.example.com";
const guid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;

const ada: Viewer = {
  kind: "user",
  login: "ada",
  userId: 7n,
  avatarUrl: null,
  installations: [{ id: ACME, account: "acme", role: "admin", repositories: "all" }],
  operator: false,
  csrf: "",
  scopes: new Set(SCOPES),
};
const operator: Viewer = {
  ...ada,
  kind: "admin-token",
  login: "operator",
  userId: null,
  installations: [ACME, OTHER].map((id) => ({ id, account: `org-${id}`, role: "admin", repositories: "all" })),
  operator: true,
};
const member: Viewer = {
  ...ada,
  installations: [{ id: ACME, account: "acme", role: "member", repositories: new Set() }],
};
const otherAdmin: Viewer = {
  ...ada,
  installations: [{ id: OTHER, account: "other", role: "admin", repositories: "all" }],
};

function siteOf(viewer: Viewer) {
  return createSite({
    store,
    clock: { now: () => new Date() },
    log: createLog({ level: "silent" }),
    errors: UNTRACKED,
    viewerOf: () => Promise.resolve(viewer),
    signInPath: null,
    publicUrl: ORIGIN,
    serverUrl: "https://github.com",
    dryRun: false,
    version: "0.0.0",
    healthEveryMs: 60_000,
    settings: [],
    doctor: null,
    wakeJobs: () => Promise.resolve(),
    wakeDeliveries: () => Promise.resolve(),
  });
}

/** Of each installation one processed and one failed delivery, and a dead letter. */
beforeEach(async () => {
  await store.sql.query(
    "TRUNCATE installations, repositories, issues, agent_runs, triage_answers, deliveries, delivery_bodies, jobs, sync_runs, audit_log",
  );
  for (const id of [ACME, OTHER]) {
    await store.sql.query(
      `INSERT INTO installations (id, account_login, account_type, updated_at, content_hash)
       VALUES ($1::bigint, 'org-' || $1::bigint, 'Organization', now(), '')`,
      [id],
    );
    await store.sql.query(
      `INSERT INTO repositories (id, installation_id, full_name, owner_login, name, updated_at, content_hash)
       VALUES ($1::bigint, $1::bigint, 'org-' || $1::bigint || '/shop', 'org-' || $1::bigint, 'shop', now(), '')`,
      [id],
    );
    await store.sql.query(
      `INSERT INTO issues (id, installation_id, repository_id, number, title, state, created_at, updated_at, content_hash)
       VALUES ($1::bigint, $1::bigint, $1::bigint, 3, 'It breaks', 'open', now(), now(), '')`,
      [id],
    );
    await store.sql.query(
      `INSERT INTO agent_runs (installation_id, repository_id, agent, subject, number, trigger, status, reason, decision, created_at)
       VALUES ($1::bigint, $1::bigint, 'triage', 'issue:3', 3, 'issue', 'done', 'no label added',
         '{"similar": [{"number": 2, "score": 9}], "effects": []}', now())`,
      [id],
    );
    for (const [offset, status] of ["processed", "failed"].entries()) {
      const its = guid(Number(id) * 10 + offset);
      await store.sql.query(
        `INSERT INTO deliveries (guid, event, content_type, body_bytes, installation_id, status, processed_at)
         VALUES ($1, 'push', 'application/json', 2, $2, $3, now())`,
        [its, id, status],
      );
      await store.sql.query("INSERT INTO delivery_bodies (guid, body) VALUES ($1, $2)", [its, deflateRawSync("{}")]);
    }
    await store.sql.query(
      `INSERT INTO jobs (installation_id, queue, name, key, payload, status, max_attempts)
       VALUES ($1::bigint, 'agents', 'code-review', 'dead ' || $1::bigint, '{}', 'failed', 1)`,
      [id],
    );
  }
});

interface Case {
  readonly path: string;
  readonly form?: Readonly<Record<string, string>>;
  readonly action: string;
  readonly target: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** By the pattern of its route: a form that is new needs a line here. */
const ACTS: Readonly<Record<string, Case>> = {
  "/sync": {
    path: "/sync",
    form: { installation: String(ACME), mode: "full", subject: "" },
    action: "sync.request",
    target: "full",
    detail: { run: expect.stringMatching(/^\d+$/) },
  },
  "/triage/answer": {
    path: "/triage/answer",
    form: { repository: "org-1/shop", number: "3", kind: "duplicate", reference: "2", answer: "yes" },
    action: "triage.answer",
    target: "org-1/shop#3",
    detail: { kind: "duplicate", reference: "2", answer: "yes", label: null },
  },
  "/activity/replay": {
    path: "/activity/replay?event=push",
    action: "deliveries.replay",
    target: "?event=push",
    detail: { replayed: 2, kept: 0 },
  },
  "/activity/retry": {
    path: "/activity/retry",
    action: "work.retry",
    target: "failed work",
    detail: { deliveries: 1, jobs: 1 },
  },
  "/story/:guid{[0-9a-fA-F-]{36}}/replay": {
    path: `/story/${guid(10)}/replay`,
    action: "delivery.replay",
    target: guid(10),
    detail: {},
  },
  "/story/:owner/:repo/:number{[0-9]{1,9}}/undo": {
    path: "/story/org-1/shop/3/undo",
    form: { undo: "all" },
    action: "undo.request",
    target: "org-1/shop#3",
    detail: { undo: "all" },
  },
};

const ROUTES = [
  ...new Set(
    siteOf(ada)
      .app.routes.filter(({ method }) => method === "POST")
      .map(({ path }) => path),
  ),
];

const post = (viewer: Viewer, { path, form = {} }: Case) =>
  siteOf(viewer).app.request(`${ORIGIN}${path}`, { method: "POST", body: new URLSearchParams(form) });

const rows = () =>
  store.sql.query(
    "SELECT installation_id::int AS installation, user_id::int AS person, by_login AS login, via, action, target, detail FROM audit_log ORDER BY id",
  );

const operationsOf = async (viewer: Viewer) => (await siteOf(viewer).app.request(`${ORIGIN}/operations`)).text();

describe("actions of a person by a form", () => {
  it.each(ROUTES)("records %s: who, what, and of which installation", async (route) => {
    const known = ACTS[route];
    expect(known, `no case for the form ${route}`).toBeDefined();
    if (known === undefined) return;
    const { action, target, detail } = known;
    expect((await post(ada, known)).status).toBeLessThan(400);
    expect(await rows()).toEqual([
      { installation: 1, person: 7, login: "ada", via: "session", action, target, detail },
    ]);
    for (const viewer of [ada, operator]) expect(await operationsOf(viewer)).toContain(action);
    for (const viewer of [member, otherAdmin]) {
      const page = await operationsOf(viewer);
      expect(page).toContain("Nothing recorded yet");
      expect(page).not.toContain(action);
    }
  });

  it.each(ROUTES)("%s that is refused leaves no record", async (route) => {
    const known = ACTS[route];
    if (known === undefined) return;
    await post(member, known);
    expect(await rows()).toEqual([]);
    expect(await operationsOf(ada)).toContain("Nothing recorded yet");
  });

  it.each(["/activity/replay", "/activity/retry"])(
    "%s of several installations is on record in each",
    async (route) => {
      const known = ACTS[route];
      if (known === undefined) return;
      await post(operator, known);
      expect(new Set((await rows()).map(({ installation, via }) => `${String(installation)} ${String(via)}`))).toEqual(
        new Set(["1 admin-token", "2 admin-token"]),
      );
    },
  );
});
