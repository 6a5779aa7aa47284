import { generateKeyPairSync, randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { connect } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startGitHub, type RunningGitHub } from "../simulator/index.js";
import { levelOf } from "../src/health/level.js";
import { storeStanding } from "../src/store/health/standings.js";
import { cli } from "./support/cli.js";
import { CHECKS, type Env, expectProblem as expectProblemIn, findings, findingsOfCommand } from "./support/doctor.js";
import { listen } from "../src/web/server.js";
import { createDatabase, withDatabase } from "./support/database.js";
import { startOldPostgres } from "./support/old-postgres.js";
import { redisAvailable, startRedis, type TestRedis } from "./support/redis.js";

const PUBLIC_URL = "https://companyos.test";
const HOOK_URL = `${PUBLIC_URL}/api/github/webhooks`;

const database = await withDatabase();
let github: RunningGitHub;
beforeEach(async () => {
  github = await startGitHub({ webhookUrl: HOOK_URL });
  await github.control.apply("createRepository", { repository: "acme/site" });
  await github.control.apply("install", {});
  await github.control.run("idle", {});
  // Nothing listens at that address: what failed so far is not what is looked for.
  github.simulation.deliveries.records.length = 0;
});
afterEach(() => github.close());

function good(): Env {
  return {
    DATABASE_URL: database.url,
    APP_ID: String(github.appId),
    PRIVATE_KEY: github.privateKey,
    WEBHOOK_SECRET: github.webhookSecret,
    GITHUB_API_URL: github.url,
    GITHUB_GRAPHQL_URL: github.graphqlUrl,
  };
}

/** The same, planted in what is right otherwise. */
const expectProblem = (planted: Env, check: string, detail: RegExp, remedy: RegExp): Promise<void> =>
  expectProblemIn({ ...good(), ...planted }, check, detail, remedy);

test.each([
  ["examined", findings],
  ["asked of the command", findingsOfCommand],
])("a correct system, %s, has no problem, and every check is listed", async (_how, find) => {
  const { code, found } = await find(good());
  expect(found.filter(({ status }) => status === "problem")).toEqual([]);
  expect(found.map(({ check }) => check).toSorted()).toEqual(CHECKS.toSorted());
  expect(code).toBe(0);
});

test("the command finds the same problems, and exits with 1", async () => {
  const wrong = { ...good(), APP_ID: "7", WEBHOOK_SECRET: "short" };
  const { code, found } = await findingsOfCommand(wrong);
  expect({ code, found }).toEqual(await findings(wrong));
  expect(code).toBe(1);
});

const { privateKey: otherKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  privateKeyEncoding: { type: "pkcs1", format: "pem" },
  publicKeyEncoding: { type: "spki", format: "pem" },
});

describe("in the environment", () => {
  test.each<readonly [string, Env, string, RegExp, RegExp]>([
    ["a short webhook secret", { WEBHOOK_SECRET: "short" }, "configuration", /WEBHOOK_SECRET has 5/, /openssl rand/],
    ["a default secret", { WEBHOOK_SECRET: "development" }, "configuration", /well-known default/, /openssl rand/],
    ["half an encryption key", { ENCRYPTION_KEYS: "k1:abcd" }, "configuration", /ENCRYPTION_KEYS/, /openssl rand/],
    ["bands that cross", { HEALTH_BANDS: '{"quota":{"alert":0.5}}' }, "configuration", /HEALTH_BANDS/, /docs\/health/],
    ["plain http", { PUBLIC_URL: "http://companyos.test" }, "configuration", /plain http/, /TLS proxy/],
    ["a server that is not reached", { PUBLIC_URL: "https://127.0.0.1:9" }, "server", /cannot be reached/, /firewall/],
    ["a key that is none", { PRIVATE_KEY: "-----BEGIN" }, "configuration", /not an RSA private key/, /Private keys/],
    [
      "another App's key",
      { PRIVATE_KEY: otherKey },
      "GitHub App",
      /refuses APP_ID and the private key/,
      /new private key/,
    ],
    ["another App's id", { APP_ID: "7" }, "GitHub App", /refuses APP_ID and the private key/, /Compare APP_ID/],
    [
      "no GitHub",
      { GITHUB_API_URL: "http://127.0.0.1:9", GITHUB_GRAPHQL_URL: "" },
      "GitHub App",
      /cannot be reached/,
      /GITHUB_API_URL/,
    ],
    [
      "no database",
      { DATABASE_URL: "postgres://nobody@127.0.0.1:9/none" },
      "database",
      /Cannot connect to PostgreSQL at/,
      /check host and port in DATABASE_URL/,
    ],
    ["no Redis", { REDIS_URL: "redis://127.0.0.1:9" }, "queue", /Cannot use Redis/, /REDIS_URL/],
    ["another webhook URL", { PUBLIC_URL: "https://other.test" }, "webhook", /not to this server/, /other\.test\/api/],
  ])("%s", async (_what, env, check, detail, remedy) => {
    await expectProblem(env, check, detail, remedy);
  });

  test("something else at PUBLIC_URL", async () => {
    const nothingHere = createServer((_request, response) => response.writeHead(404).end("{}"));
    const { url, close } = await listen(nothingHere, { host: "127.0.0.1", port: 0 });
    await expectProblem({ PUBLIC_URL: url }, "server", /is not ready: it answers 404/, /no other server listens/);
    await close(0);
  });
});

describe("at GitHub", () => {
  const app = (more: object): object => Object.assign(github.simulation.organisation.app, more);

  test("a permission that the App does not ask for", async () => {
    app({ permissions: { metadata: "read", contents: "read", issues: "read", deployments: "read", checks: "write" } });
    await expectProblem({}, "permissions", /lacks pull_requests: write, issues: write/, /Permissions & events/);
  });

  test("an event that it is not subscribed to", async () => {
    app({ events: github.simulation.organisation.app.events.filter((event) => event !== "check_suite") });
    await expectProblem({}, "events", /not subscribed to check_suite/, /Subscribe under .* 'Re-run all checks'/);
  });

  test("an organisation that has not accepted the requested permissions", async () => {
    const [installation] = github.simulation.organisation.installations.values();
    await github.control.apply("acceptPermissions", {
      installation: installation?.id ?? 0,
      permissions: { metadata: "read", issues: "read" },
    });
    await expectProblem({}, "installations", /acme has not granted/, /organizations\/acme\/settings\/installations/);
  });

  test("an installation that is suspended", async () => {
    const [installation] = github.simulation.organisation.installations.values();
    await github.control.apply("suspendInstallation", { installation: installation?.id ?? 0 });
    await expectProblem({}, "installations", /suspended on acme/, /unsuspend/);
  });

  test("an App without installations", async () => {
    github.simulation.organisation.installations.clear();
    await expectProblem({}, "installations", /not installed on any organisation/, /Install App/);
  });

  test("no webhook URL", async () => {
    await github.control.run("webhook", { url: null });
    await expectProblem({}, "webhook", /no webhook URL/, /api\/github\/webhooks/);
  });

  test("a clock that is off", async () => {
    await github.control.run("faults", { clockSkewMs: 90_000 });
    await expectProblem({}, "clock", /behind GitHub's/, /Synchronise/);
  });
});

describe("between GitHub and a running server", () => {
  test("another webhook secret at GitHub than here", async () => {
    const { startInbox } = await import("./support/inbox.js");
    const inbox = await startInbox({ store: database.store, secrets: [github.webhookSecret] });
    try {
      const url = `http://127.0.0.1:${inbox.port}/api/github/webhooks`;
      await github.control.run("webhook", { url, secret: "the secret of before the rotation" });
      await github.control.apply("openIssue", { repository: "acme/site", title: "Unheard" });
      await github.control.run("idle", {});
      await expectProblem({}, "deliveries", /deliveries failed \(100 %; 401\)/, /not in WEBHOOK_SECRET/);
    } finally {
      await inbox.close();
    }
  });

  test("a server that GitHub does not reach", async () => {
    await github.control.run("webhook", { url: "http://127.0.0.1:9/api/github/webhooks" });
    await github.control.apply("openIssue", { repository: "acme/site", title: "Unheard" });
    await github.control.run("idle", {});
    await expectProblem({}, "deliveries", /deliveries failed \(100 %; 502\)/, /GitHub does not reach this server/);
  });
});

describe("in the database and the queue", () => {
  test("migrations that are pending", async () => {
    const empty = await createDatabase({ migrated: false });
    try {
      await expectProblem(
        { DATABASE_URL: empty.url },
        "database",
        /migrations are pending/,
        /companyos-github migrate/,
      );
    } finally {
      await empty.drop();
    }
  });

  test("a PostgreSQL that is too old", async () => {
    const old = await startOldPostgres();
    try {
      await expectProblem({ DATABASE_URL: old.url }, "database", /PostgreSQL 12 .*too old/, /PostgreSQL \d+ or newer/);
    } finally {
      await old.close();
    }
  });

  test("a database that can lose acknowledged deliveries", async () => {
    const careless = await createDatabase();
    try {
      const [row] = await careless.store.sql.query("SELECT current_database() AS name");
      await careless.store.sql.query(`ALTER DATABASE "${String(row?.["name"])}" SET synchronous_commit = off`);
      await expectProblem({ DATABASE_URL: careless.url }, "database", /synchronous_commit is off/, /ALTER DATABASE/);
    } finally {
      await careless.drop();
    }
  });

  test("no worker, only web processes", async () => {
    const alone = await createDatabase();
    try {
      const hourAgo = new Date(Date.now() - 3_600_000);
      const words = { reason: "seen", remedy: null, value: null, pending: null, unread: null };
      const standing = { level: levelOf(0), since: hourAgo, checkedAt: hourAgo, ...words };
      await storeStanding(alone.store.sql, null, "queue", standing);
      await expectProblem({ DATABASE_URL: alone.url }, "workers", /no health check has run for 60 min/, /ROLE=worker/);
    } finally {
      await alone.drop();
    }
  });

  describe.skipIf(!redisAvailable)("Redis", () => {
    let redis: TestRedis;
    beforeAll(async () => {
      redis = await startRedis();
    });
    afterAll(() => redis.stop());

    test("that evicts keys when its memory is full", async () => {
      const { Redis } = await import("ioredis");
      const client = new Redis(redis.url);
      await client.config("SET", "maxmemory-policy", "allkeys-lru");
      client.disconnect();
      await expectProblem({ REDIS_URL: redis.url }, "queue", /maxmemory-policy allkeys-lru/, /noeviction/);
    });
  });
});

test("GitHub is asked through the proxy that is configured", async () => {
  const [host, port] = new URL(github.url).host.split(":");
  const asked: string[] = [];
  const proxy = createServer().on("connect", (request, socket) => {
    asked.push(request.url ?? "");
    const tunnel = connect(Number(port), host, () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      tunnel.pipe(socket).pipe(tunnel);
    });
    socket.on("error", () => tunnel.destroy());
  });
  const { url, close } = await listen(proxy, { host: "127.0.0.1", port: 0 });
  const env = { ...good(), GITHUB_API_URL: "http://api.github.invalid", GITHUB_GRAPHQL_URL: "", HTTP_PROXY: url };
  const { found } = await findingsOfCommand(env);
  await close(0);
  expect(found.filter(({ status }) => status === "problem")).toEqual([]);
  expect(new Set(asked)).toEqual(new Set(["api.github.invalid:80"]));
});

test("never prints a secret", async () => {
  const secret = randomBytes(24).toString("hex");
  const { stdout } = await cli(["doctor"], {
    ...good(),
    DATABASE_URL: `postgres://nobody:${secret}@127.0.0.1:9/none`,
    REDIS_URL: `redis://:${secret}@127.0.0.1:9`,
  });
  expect(stdout).toMatch(/problem +database/);
  expect(stdout).not.toContain(secret);
});
