import { randomBytes } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import { z } from "zod";
import { type RunningGitHub, startGitHub } from "../../simulator/index.js";
import { startModelServer } from "../../simulator/model/server.js";
import { sendAlerts } from "../../src/alerts/send.js";
import { watchForIncidents } from "../../src/alerts/watch.js";
import { readConfig, secretValues } from "../../src/config.js";
import { createEffectLedger } from "../../src/effects/ledger-writer.js";
import { ALERT_POLICY } from "../../src/health/alerts/policy.js";
import { alertSinks } from "../../src/host/alerts.js";
import { createLog, redact } from "../../src/log.js";
import { start } from "../../src/main.js";
import type { Store } from "../../src/store/store.js";
import { gatewayTo } from "../effects/setting.js";
import { cli } from "../support/cli.js";
import { createDatabase } from "../support/database.js";
import { dumpDatabase, dumpRedis } from "../support/dump.js";
import { leaks, plantConfiguration, plantShapes } from "../support/planted.js";
import { redisAvailable, startRedis } from "../support/redis.js";
import { carelessJob, live, REPOSITORY } from "./careless.js";
import { startReceiver } from "./receiver.js";

const backends = ["PostgreSQL", ...(redisAvailable ? ["Redis"] : [])];

test.each(backends)(
  "planted secrets, the queues in %s: none is written, logged, sent or stored",
  { timeout: 300_000 },
  async (backend) => {
    const github = await startGitHub();
    const database = await createDatabase();
    const redis = backend === "Redis" ? await startRedis() : null;
    const receiver = await startReceiver();
    const model = await startModelServer(() => ({ text: '{"findings": []}' }));
    const { privateKey } = github;
    const databasePassword = decodeURIComponent(new URL(database.url).password);
    const own = plantConfiguration({ privateKey, databasePassword });
    const shapes = plantShapes();
    const inPayload = {
      "hook secret in a payload": randomBytes(24).toString("hex"),
      "token in a payload": randomBytes(24).toString("hex"),
    };
    const planted = { ...own, ...Object.fromEntries(shapes.map(({ name, value }) => [name, value])) };
    const { host } = new URL(receiver.url);
    const env = {
      DATABASE_URL: database.url,
      ...(redis && { REDIS_URL: redis.url }),
      PORT: "0",
      HOST: "127.0.0.1",
      APP_ID: String(github.appId),
      PRIVATE_KEY: privateKey,
      GITHUB_API_URL: github.url,
      GITHUB_GRAPHQL_URL: github.graphqlUrl,
      WEBHOOK_SECRET: `${own.webhookSecret},${own.oldWebhookSecret}`,
      ADMIN_TOKEN: own.adminToken,
      METRICS_TOKEN: own.metricsToken,
      ENCRYPTION_KEYS: `k2:${own.encryptionKey},k1:${own.oldEncryptionKey}`,
      GITHUB_CLIENT_SECRET: own.clientSecret,
      ALERT_WEBHOOK_SECRET: own.alertSecret,
      ALERT_WEBHOOK_URL: `http://${host}/hook/${own.alertAddress}`,
      ALERT_SLACK_URL: `http://${host}/services/${own.slackAddress}`,
      ALERT_ISSUE_REPOSITORY: REPOSITORY,
      SENTRY_DSN: `http://${own.sentryKey}@${host}/1`,
      AI_API_KEY: own.modelKey,
      AI_MODEL: "m",
      AI_BASE_URL: model.url,
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://${host}/otlp`,
      OTEL_EXPORTER_OTLP_HEADERS: `api-key=${own.tracesHeader}`,
      HTTPS_PROXY: `http://app:${own.proxyPassword}@127.0.0.1:1`,
    };
    // Redis here has no password: that of another process stands for it.
    const secrets = secretValues({ ...env, REDIS_URL: `redis://:${own.redisPassword}@127.0.0.1:6379` });
    const careless = [
      ...Object.entries(own).map(([name, value]) => `${name} is ${value}`),
      ...shapes.map(({ text }) => text),
    ];
    vi.stubEnv("OTEL_EXPORTER_OTLP_HEADERS", env.OTEL_EXPORTER_OTLP_HEADERS);
    const log: string[] = [];
    const spoken: string[] = [];
    const tokens = new Set<string>();
    const config = readConfig(env);
    const app = await start({
      config,
      credentials: { appId: github.appId, privateKey, webhookSecrets: env.WEBHOOK_SECRET.split(",") },
      log: createLog({ level: "trace", destination: { write: (line) => void log.push(line) } }),
      secrets,
      jobs: [carelessJob(careless.join("; "))],
      sweepMs: 300,
      reviewQuietMs: 0,
      octokit: {
        writeSpacingMs: 0,
        fetch(input, init) {
          const { authorization } = z.record(z.string(), z.string()).catch({}).parse(init?.headers);
          tokens.add(authorization?.replace(/^\w+ /, "") ?? "");
          return fetch(input, init);
        },
      },
    });
    const { store } = database;
    const stored: string[] = [];
    try {
      // The search finds each where nothing is taken out, and what takes it out knows each, alone and in its text.
      expect(Object.keys(planted).length).toBeGreaterThanOrEqual(25);
      expect(new Set(leaks(planted, { text: careless.join("\n") })).size).toBe(Object.keys(planted).length);
      expect(leaks(planted, { text: careless.map((text) => redact(text)).join("\n") })).toEqual([]);

      const installation = await live(github, store, app.url ?? "", own.webhookSecret, Object.values(inPayload));
      await speak(app.url ?? "", store, own, spoken);
      await warn(config, github, store);
      spoken.push(...(await command(env, installation, store)));
      while (!receiver.received.some(({ headers }) => headers["api-key"] === own.tracesHeader)) await wait(50);
      if (redis) stored.push(await dumpRedis(redis.url));
    } finally {
      await app.close();
      vi.unstubAllEnvs();
    }
    const { rows, bodies } = await dumpDatabase(store.sql);
    const places = {
      log: log.join(""),
      answers: spoken.join("\n"),
      sent: receiver.received.map(({ body }) => withoutEnvelopeHeader(body)).join("\n"),
      "asked of the model": model.asked.map(({ body }) => body).join("\n"),
      "written to GitHub": writtenTo(github),
      database: [rows, ...stored].join("\n"),
    };
    // What was meant to be everywhere is there, with something in its place.
    for (const [place, text] of Object.entries(places)) expect(text.length, place).toBeGreaterThan(100);
    for (const text of [places.log, places.sent, places.database]) expect(text).toContain("[redacted]");
    expect(places["written to GitHub"]).toContain("Given up: careless");
    const used = Object.fromEntries(
      [...tokens].filter((token) => token.length > 20).map((token, n) => [`token ${n} in use`, token]),
    );
    expect(Object.keys(used).length).toBeGreaterThan(1);
    expect(leaks({ ...planted, ...used, ...inPayload }, places)).toEqual([]);
    // The signed bytes of a delivery are kept as they came: what somebody put into them is there, and nothing of ours.
    expect(leaks(inPayload, { bodies })).toHaveLength(2);
    expect(leaks({ ...planted, ...used }, { bodies })).toEqual([]);
    await receiver.close();
    await model.close();
    await github.close();
    await redis?.stop();
    await database.drop();
  },
);

/** The first line of an envelope says for whom it is, with the DSN's own key: it goes to nobody else. */
function withoutEnvelopeHeader(body: string): string {
  return body.startsWith('{"event_id"') ? body.slice(body.indexOf("\n")) : body;
}

/** Everything that answers over HTTP, refusals and failures included. */
async function speak(
  url: string,
  store: Store,
  { adminToken, metricsToken }: { readonly adminToken: string; readonly metricsToken: string },
  spoken: string[],
): Promise<void> {
  const ask = async (path: string, init: RequestInit = {}): Promise<void> => {
    const response = await fetch(`${url}${path}`, init);
    spoken.push(JSON.stringify([...response.headers]), await response.text());
  };
  const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
  const api = "/api/integrations/github";
  await ask("/metrics", bearer(metricsToken));
  await ask("/metrics");
  await ask("/readyz");
  for (const path of ["sync", "health", "alerts"]) await ask(`${api}/${path}`, bearer(adminToken));
  await ask(`${api}/sync`, { method: "POST", body: "{", ...bearer(adminToken) });
  await ask("/api/github/webhooks", { method: "POST", body: "{}", headers: { "x-hub-signature-256": "sha256=00" } });
  await store.sql.query("ALTER TABLE sync_runs RENAME TO sync_runs_away");
  await ask(`${api}/sync`, bearer(adminToken));
  await store.sql.query("ALTER TABLE sync_runs_away RENAME TO sync_runs");
}

/** The alerts about all that, told to every sink. */
async function warn(config: ReturnType<typeof readConfig>, github: RunningGitHub, store: Store): Promise<void> {
  const clock = { now: () => new Date() };
  await watchForIncidents({ store, clock, policy: ALERT_POLICY, serverUrl: "https://github.example" });
  const log = createLog({ level: "silent" });
  const { writer } = createEffectLedger({ store, github: gatewayTo(github) });
  const sinks = alertSinks(config.alerts, { store, clock, log, writer });
  const policy = { ...ALERT_POLICY, groupMs: 0 };
  const told = await sendAlerts({ store, sinks, policy, clock, log }, new AbortController().signal);
  expect(told).toMatchObject({ failed: 0 });
  expect(told.sent).toBeGreaterThan(4);
}

/** What the commands print, with a database that is there and with one that is not. */
async function command(env: Readonly<Record<string, string>>, installation: number, store: Store): Promise<string[]> {
  const [delivery] = await store.sql.query("SELECT guid FROM deliveries WHERE event = 'pull_request' LIMIT 1");
  const calls = [
    ["doctor"],
    ["health"],
    ["explain", String(delivery?.["guid"])],
    ["export", "--installation", String(installation)],
    ["redeliver", "--since", "1h", "--json"],
    ["sync", "--wait"],
  ];
  const texts: string[] = [];
  for (const args of calls) {
    const { stdout, stderr } = await cli(args, env);
    expect(stdout.length + stderr.length, args.join(" ")).toBeGreaterThan(0);
    texts.push(stdout, stderr);
  }
  const away = new URL(env["DATABASE_URL"] ?? "");
  away.port = "1";
  const failed = await cli(["health"], { ...env, DATABASE_URL: away.href });
  expect(failed.code).not.toBe(0);
  return [...texts, failed.stdout, failed.stderr];
}

/** Every text of ours on GitHub. */
function writtenTo({ simulation: { organisation } }: RunningGitHub): string {
  const { bot } = organisation.app;
  const repository = organisation.byName.get(REPOSITORY);
  const ours = (comments: readonly { readonly author: unknown; readonly body: string }[]): readonly string[] =>
    comments.filter(({ author }) => author === bot).map(({ body }) => body);
  const pulls = [...(repository?.pulls.values() ?? [])];
  const issues = [...(repository?.issues.values() ?? [])];
  return [
    ...issues.filter(({ author }) => author === bot).map(({ title, body }) => `${title}\n${body ?? ""}`),
    ...[...issues, ...pulls].flatMap(({ comments }) => ours(comments)),
    ...pulls.flatMap(({ reviews, threads }) => [
      ...ours(reviews),
      ...threads.flatMap(({ comments }) => ours(comments)),
    ]),
    ...[...(repository?.checkRuns.values() ?? [])]
      .flat()
      .map((check) => `${check.title} ${JSON.stringify(check.annotations)}`),
  ].join("\n");
}
