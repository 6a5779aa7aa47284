import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { listen } from "../src/web/server.js";
import { CHECKS, type Env, expectProblem, findings } from "./support/doctor.js";
import { redisAvailable, startRedis, type TestRedis } from "./support/redis.js";
import { startSystem, type System } from "./support/system.js";

/** Every misconfiguration that shows in a running system is planted in one: it works, and then something changes. */
let system: System;
const sql = (text: string) => system.database.store.sql.query(text);
const control = () => system.github.control;

async function expectWell(): Promise<void> {
  const { code, found } = await findings(system.env());
  expect(found.filter(({ status }) => status !== "ok")).toEqual([]);
  expect(found.map(({ check }) => check).toSorted()).toEqual([...CHECKS, "alert issues"].toSorted());
  expect(code).toBe(0);
}

interface Planted {
  /** What it changes of the environment. */
  readonly env?: Env;
  mend?(): unknown;
}

const inEnv = (env: Env) => (): Promise<Planted> => Promise.resolve({ env });

/** GitHub delivers otherwise, tries one, and forgets that it failed when it delivers here again. */
const hook =
  (wrong: () => { readonly url?: string | null; readonly secret?: string }) => async (): Promise<Planted> => {
    const { deliveries } = system.github.simulation;
    const right = { ...deliveries.hook };
    await control().run("webhook", wrong());
    await control().apply("openIssue", { repository: "acme/site", title: "Heard?" });
    await control().run("idle", {});
    return {
      mend() {
        Object.assign(deliveries.hook, right);
        deliveries.records.length = 0;
      },
    };
  };

const app = (wrong: () => object) => (): Promise<Planted> => {
  const known = system.github.simulation.organisation.app;
  const right = { ...known };
  Object.assign(known, wrong());
  return Promise.resolve({ mend: () => Object.assign(known, right) });
};

async function grantsLess(): Promise<Planted> {
  const { installation } = system;
  const accept = async (permissions: Readonly<Record<string, "read" | "write">>): Promise<void> => {
    await control().apply("acceptPermissions", { installation, permissions });
    await system.settled();
  };
  await accept({ metadata: "read", issues: "read" });
  return { mend: () => accept(system.github.simulation.organisation.app.permissions) };
}

async function suspended(): Promise<Planted> {
  const { installation } = system;
  await control().apply("suspendInstallation", { installation });
  await system.settled();
  return {
    mend: () =>
      control()
        .apply("unsuspendInstallation", { installation })
        .then(() => system.settled()),
  };
}

/** The App's private key was deleted at GitHub, and another one made. */
function otherKey(): Promise<Planted> {
  const { simulation } = system.github;
  const { appKey } = simulation;
  Object.assign(simulation, { appKey: generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey });
  return Promise.resolve({ mend: () => Object.assign(simulation, { appKey }) });
}

async function clockIsOff(): Promise<Planted> {
  await control().run("faults", { clockSkewMs: 90_000 });
  return { mend: () => control().run("faults", {}) };
}

/** Somebody else's server, which answers 200 to everything. */
async function otherApp(): Promise<Planted> {
  const server = createServer((_request, response) => response.end("<html>Welcome</html>"));
  const other = await listen(server, { host: "127.0.0.1", port: 0 });
  return { env: { PUBLIC_URL: other.url }, mend: () => other.close(0) };
}

/** The last upgrade was left half-way. */
async function olderSchema(): Promise<Planted> {
  const newest = "migration_name = (SELECT max(migration_name) FROM _prisma_migrations)";
  await sql(`UPDATE _prisma_migrations SET finished_at = NULL WHERE ${newest}`);
  return { mend: () => sql(`UPDATE _prisma_migrations SET finished_at = now() WHERE ${newest}`) };
}

async function careless(): Promise<Planted> {
  const [row] = await sql("SELECT current_database() AS name");
  const database = `ALTER DATABASE "${String(row?.["name"])}"`;
  await sql(`${database} SET synchronous_commit = off`);
  return { mend: () => sql(`${database} RESET synchronous_commit`) };
}

/** Nobody has been there for an hour, and now only a web process is. */
async function webAlone(): Promise<Planted> {
  await system.restart({ ROLE: "web" });
  await sql("UPDATE health_checks SET checked_at = checked_at - interval '1 hour'");
  return { mend: () => system.restart({}).then(() => system.look()) };
}

const elsewhere = () => ({ url: "http://127.0.0.1:9/api/github/webhooks" });
const otherPath = () => ({ url: `${system.url()}/webhooks` });
const oneLess = () => ({ events: system.github.simulation.organisation.app.events.filter((name) => name !== "push") });

const misconfigurations: readonly (readonly [string, () => Promise<Planted>, string, RegExp, RegExp])[] = [
  [
    "another webhook secret at GitHub than here",
    hook(() => ({ secret: "the secret of before the rotation" })),
    "deliveries",
    /deliveries failed \(\d+ %; 401\)/,
    /not in WEBHOOK_SECRET/,
  ],
  [
    "a webhook that leads nowhere",
    hook(elsewhere),
    "deliveries",
    /deliveries failed \(\d+ %; 502\)/,
    /does not reach this server/,
  ],
  [
    "a webhook that leads to another path",
    hook(otherPath),
    "webhook",
    /\/webhooks, not to this server/,
    /Set it to http:\S+\/api\/github\/webhooks/,
  ],
  ["no webhook", hook(() => ({ url: null })), "webhook", /no webhook URL/, /api\/github\/webhooks/],
  ["plain http", inEnv({ PUBLIC_URL: "http://companyos.test" }), "configuration", /plain http/, /TLS proxy/],
  [
    "a public URL that is not reached",
    inEnv({ PUBLIC_URL: "https://127.0.0.1:9" }),
    "server",
    /cannot be reached/,
    /firewall/,
  ],
  [
    "a public URL that leads to another app",
    otherApp,
    "server",
    /answers 200, but the answer is not from this app/,
    /no other server listens/,
  ],
  [
    "a permission that the App does not ask for",
    app(() => ({ permissions: { metadata: "read" } })),
    "permissions",
    /lacks .*pull_requests: write/,
    /Permissions & events/,
  ],
  ["an event that it is not subscribed to", app(oneLess), "events", /not subscribed to push/, /Subscribe under/],
  [
    "an organisation that grants less",
    grantsLess,
    "installations",
    /acme has not granted/,
    /organizations\/acme\/settings\/installations/,
  ],
  ["an organisation that suspended it", suspended, "installations", /suspended on acme/, /unsuspend/],
  [
    "a private key that GitHub knows no more",
    otherKey,
    "GitHub App",
    /refuses APP_ID and the private key/,
    /new private key/,
  ],
  ["another App's id", inEnv({ APP_ID: "7" }), "GitHub App", /refuses APP_ID and the private key/, /Compare APP_ID/],
  ["a clock that is off", clockIsOff, "clock", /behind GitHub's/, /Synchronise/],
  ["a pending migration", olderSchema, "database", /1 migrations are pending/, /companyos-github migrate/],
  ["the same, from outside", olderSchema, "server", /not ready: migrations: failed/, /log has details/],
  ["a database that forgets", careless, "database", /synchronous_commit is off/, /ALTER DATABASE/],
  ["no worker, only web processes", webAlone, "workers", /no health check has run for 6\d min/, /ROLE=worker/],
];

describe("one that runs", () => {
  beforeAll(async () => {
    system = await startSystem({ ALERT_ISSUE_REPOSITORY: "acme/site" });
    await system.look();
  });
  afterAll(() => system.close());

  test("well: every check runs, and finds no problem", expectWell);

  test.each(misconfigurations)("with %s", async (_what, plant, check, detail, remedy) => {
    const { env, mend } = await plant();
    try {
      // The server computes /readyz once a second: what was planted shows with the next computation.
      const shown = (): Promise<void> => expectProblem({ ...system.env(), ...env }, check, detail, remedy);
      await vi.waitFor(shown, { timeout: 5_000, interval: 500 });
    } finally {
      await mend?.();
    }
  });

  test("is well again when all problems are fixed", expectWell);

  test("and was uninstalled", async () => {
    await control().apply("uninstall", { installation: system.installation });
    await expectProblem(system.env(), "installations", /not installed on any organisation/, /Install App/);
  });
});

describe.skipIf(!redisAvailable)("one that runs with a Redis", () => {
  let redis: TestRedis;
  beforeEach(async () => {
    redis = await startRedis();
    system = await startSystem({ REDIS_URL: redis.url });
  });
  afterEach(async () => {
    await system.close();
    await redis.stop();
  });

  test("that evicts keys when its memory is full", async () => {
    const client = new Redis(redis.url);
    await client.config("SET", "maxmemory-policy", "allkeys-lru");
    client.disconnect();
    await expectProblem(system.env(), "queue", /maxmemory-policy allkeys-lru/, /noeviction/);
  });

  test("that is gone", async () => {
    await redis.stop();
    await expectProblem(system.env(), "queue", /Cannot use Redis/, /REDIS_URL/);
  });
});
