import { randomBytes } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, expect, test } from "vitest";
import { z } from "zod";
import { startGitHub } from "../../demo/github/index.js";
import { tellAlerts } from "../../src/alerts/tell.js";
import { watchForIncidents } from "../../src/alerts/watch.js";
import { readConfig, secretValues } from "../../src/config.js";
import { ALERT_POLICY } from "../../src/health/alerts/policy.js";
import { alertSinks } from "../../src/host/alerts.js";
import { defineJob } from "../../src/jobs/define-job.js";
import { createLog } from "../../src/log.js";
import { start } from "../../src/main.js";
import { planJobs } from "../../src/store/jobs/plan-jobs.js";
import { untilFinished } from "../crash/setting.js";
import { withDatabase } from "../support/database.js";
import { startReceiver } from "./receiver.js";

const secret = (): string => randomBytes(24).toString("hex");
const key = (): string => randomBytes(32).toString("base64");

const github = await startGitHub();
const { store, url: databaseUrl } = await withDatabase();
const receiver = await startReceiver();
afterAll(async () => {
  await receiver.close();
  await github.close();
});

/** What is planted, by where. Every one is worth stealing. */
const PLANTED: Readonly<Record<string, string>> = {
  "webhook secret": secret(),
  "webhook secret, the old one": secret(),
  "operator's token": secret(),
  "metrics token": secret(),
  "encryption key": key(),
  "old encryption key": key(),
  "OAuth client secret": secret(),
  "alert webhook secret": secret(),
  "token in the alert webhook's address": secret(),
  "token in Slack's address": secret(),
  "key of the Sentry DSN": secret(),
  "Redis password": secret(),
  "a line of the private key": github.privateKey.split("\n")[7] ?? "",
  "the private key's last line": github.privateKey.trim().split("\n").at(-2) ?? "",
  "classic token in GitHub's message": `ghp_${secret().slice(0, 36)}`,
  "installation token in a message": `ghs_${secret().slice(0, 36)}`,
  "user token in a message": `ghu_${secret().slice(0, 36)}`,
  "refresh token in a message": `ghr_${secret().slice(0, 36)}`,
  "fine-grained token in a message": `github_pat_${secret()}`,
  "bearer header in a message": secret(),
  "basic header in a message": key(),
  "password of a URL in a message": secret(),
  "model key in a message": `sk-${secret()}`,
  "JSON web token in a message": `eyJhbGciOiJSUzI1NiJ9.${secret()}.${secret()}`,
  "hook secret in a payload": secret(),
  "client payload's token in a payload": secret(),
  "Slack token in a message": `xoxb-${secret()}`,
};
const planted = (name: string): string => PLANTED[name] ?? expect.fail(`nothing is planted as ${name}`);

const { host } = new URL(receiver.url);
const ENV = {
  DATABASE_URL: databaseUrl,
  PORT: "0",
  HOST: "127.0.0.1",
  GITHUB_API_URL: github.url,
  GITHUB_GRAPHQL_URL: github.graphqlUrl,
  WEBHOOK_SECRET: `${planted("webhook secret")},${planted("webhook secret, the old one")}`,
  PRIVATE_KEY: github.privateKey,
  ADMIN_TOKEN: planted("operator's token"),
  METRICS_TOKEN: planted("metrics token"),
  ENCRYPTION_KEYS: `k2:${planted("encryption key")},k1:${planted("old encryption key")}`,
  GITHUB_CLIENT_SECRET: planted("OAuth client secret"),
  ALERT_WEBHOOK_SECRET: planted("alert webhook secret"),
  ALERT_WEBHOOK_URL: `http://${host}/hook/${planted("token in the alert webhook's address")}`,
  ALERT_SLACK_URL: `http://${host}/services/${planted("token in Slack's address")}`,
  SENTRY_DSN: `http://${planted("key of the Sentry DSN")}@${host}/1`,
};
const REDIS_URL = `redis://:${planted("Redis password")}@127.0.0.1:6379`;

/** A text in which everything is quoted that is planted: what a careless error says. */
const CARELESS = Object.entries(PLANTED)
  .filter(([name]) => !name.endsWith("in a payload"))
  .map(([name, value]) => {
    if (name.startsWith("bearer")) return `authorization: Bearer ${value}`;
    if (name.startsWith("basic")) return `authorization: Basic ${value}`;
    if (name.startsWith("password")) return `https://x-access-token:${value}@github.com/acme/site`;
    return `${name} is ${value}`;
  })
  .join("; ");

/** Fails with all of it in the message, as the kind that it is asked for. */
const careless = defineJob({
  name: "careless",
  queue: "agents",
  payload: z.object({ kind: z.enum(["unknown", "network", "invalid"]) }),
  attempts: 2,
  key: ({ kind }) => kind,
  run({ kind }, { log }) {
    log.warn({ note: CARELESS, nested: { headers: { authorization: CARELESS } } }, "a careless line");
    const code = { unknown: "", network: "ECONNRESET", invalid: "" }[kind];
    const error = Object.assign(new Error(CARELESS, { cause: new Error(CARELESS) }), { code });
    if (kind === "invalid") throw new z.ZodError([{ code: "custom", message: CARELESS, path: [], input: null }]);
    throw error;
  },
});

test(
  "27 planted secrets: none is in logs, metrics, answers, alerts, events, jobs or the database",
  { timeout: 90_000 },
  async () => {
    const log: string[] = [];
    const spoken: string[] = [];
    const tokens = new Set<string>();
    const config = readConfig(ENV);
    const logger = createLog({ level: "trace", destination: { write: (line) => void log.push(line) } });
    const app = await start({
      config,
      credentials: {
        appId: github.appId,
        privateKey: github.privateKey,
        webhookSecrets: ENV.WEBHOOK_SECRET.split(","),
      },
      log: logger,
      secrets: secretValues({ ...ENV, REDIS_URL }),
      jobs: [careless],
      sweepMs: 300,
      octokit: {
        writeSpacingMs: 0,
        fetch(input, init) {
          const { authorization } = z.record(z.string(), z.string()).catch({}).parse(init?.headers);
          tokens.add(authorization?.replace(/^\w+ /, "") ?? "");
          return fetch(input, init);
        },
      },
    });
    try {
      await live(app.url ?? "");
      await speak(app.url ?? "", spoken);
      await warn();
      while (receiver.received.length < 4) await wait(50);
    } finally {
      await app.close();
    }
    const places = {
      log: log.join(""),
      answers: spoken.join("\n"),
      sent: receiver.received.map(({ body }) => withoutEnvelopeHeader(body)).join("\n"),
      database: await dump(),
    };
    // What was meant to be everywhere is there, with something in its place.
    for (const text of Object.values(places)) expect(text.length).toBeGreaterThan(100);
    for (const text of [places.log, places.sent, places.database]) expect(text).toContain("[redacted]");
    expect(places.database).toContain("careless");
    const used = [...tokens].filter((token) => token.length > 20).map((token) => ["a token in use", token] as const);
    expect(used.length).toBeGreaterThan(1);
    const found = [...Object.entries(PLANTED), ...used].flatMap(([name, value]) =>
      Object.entries(places).flatMap(([place, text]) => (text.includes(value) ? [`${name}: in ${place}`] : [])),
    );
    expect(found).toEqual([]);
  },
);

/** The first line of an envelope says for whom it is, with the DSN's own key: it goes to nobody else. */
function withoutEnvelopeHeader(body: string): string {
  return body.startsWith('{"event_id"') ? body.slice(body.indexOf("\n")) : body;
}

/** An organisation at work, a job that is careless in every way, and payloads with secrets in fields of theirs. */
async function live(url: string): Promise<void> {
  const { control } = github;
  await control.run("webhook", { url: `${url}/api/github/webhooks`, secret: planted("webhook secret") });
  await control.apply("createRepository", { repository: "acme/site" });
  const { id = 0 } = await control.apply("install", {});
  await control.apply("openIssue", { repository: "acme/site", title: "It breaks" });
  await control.run("deliver", {
    event: "ping",
    payload: { zen: "x", hook: { config: { secret: planted("hook secret in a payload") } } },
  });
  await control.run("deliver", {
    event: "ping",
    payload: { action: "x", client_payload: { token: planted("client payload's token in a payload") } },
  });
  await control.run("idle", {});
  const origin = { installationId: BigInt(id), deliveryGuid: null, traceId: null, now: new Date() };
  const plans = (["unknown", "network", "invalid"] as const).map((kind) => ({
    queue: "agents" as const,
    name: "careless",
    key: kind,
    payload: { kind },
    maxAttempts: 2,
    delayMs: 0,
  }));
  await planJobs(store.sql, plans, origin);
  await untilFinished(store.sql, 60_000);
}

/** Everything that answers over HTTP, refusals and failures included. */
async function speak(url: string, spoken: string[]): Promise<void> {
  const ask = async (path: string, init: RequestInit = {}): Promise<void> => {
    const response = await fetch(`${url}${path}`, init);
    spoken.push(JSON.stringify([...response.headers]), await response.text());
  };
  const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
  await ask("/metrics", bearer(planted("metrics token")));
  await ask("/metrics");
  await ask("/readyz");
  await ask("/api/integrations/github/sync", bearer(planted("operator's token")));
  await ask("/api/integrations/github/sync", { method: "POST", body: "{", ...bearer(planted("operator's token")) });
  await ask("/api/github/webhooks", { method: "POST", body: "{}", headers: { "x-hub-signature-256": "sha256=00" } });
  await store.sql.query("ALTER TABLE sync_runs RENAME TO sync_runs_away");
  await ask("/api/integrations/github/sync", bearer(planted("operator's token")));
  await store.sql.query("ALTER TABLE sync_runs_away RENAME TO sync_runs");
}

/** The alerts about all that, told to every sink. */
async function warn(): Promise<void> {
  const clock = { now: () => new Date() };
  await watchForIncidents({ store, clock, policy: ALERT_POLICY, serverUrl: "https://github.example" });
  const log = createLog({ level: "silent" });
  const writer = () => expect.fail("no issue is written here");
  const sinks = alertSinks(readConfig(ENV).alerts, { store, clock, log, writer });
  const policy = { ...ALERT_POLICY, groupMs: 0 };
  expect((await tellAlerts({ store, sinks, policy, clock, log }, new AbortController().signal)).sent).toBeGreaterThan(
    2,
  );
}

/** Every row of every table, the queue's own included, as text. */
async function dump(): Promise<string> {
  const tables = await store.sql.query(
    `SELECT quote_ident(table_schema) || '.' || quote_ident(table_name) AS name FROM information_schema.tables
     WHERE table_schema NOT IN ('pg_catalog', 'information_schema') AND table_type = 'BASE TABLE'`,
  );
  const texts: string[] = [];
  for (const { name } of tables) {
    const rows = await store.sql.query(`SELECT to_jsonb(t)::text AS line FROM ${String(name)} t`);
    texts.push(...rows.map(({ line }) => String(line)));
  }
  return texts.join("\n");
}
