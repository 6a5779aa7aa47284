import { z } from "zod";
import { ACCESS_VARIABLES } from "./access-variables.js";
import { define } from "./define.js";
import { EVENT_VARIABLES } from "./event-variables.js";
import { baseAddress } from "./github-addresses.js";
import { HealthBandsText } from "./health-bands.js";
import { HOST_VARIABLES } from "./host-variables.js";
import { MODEL_VARIABLES } from "./model-variables.js";
import { encryptionKeys, flag, MIN_SECRET, number, oneOf, text, url, webhookSecrets, wholeNumber } from "./values.js";

const APP = "GitHub App";
const SERVER = "Server";
const DATA = "Database and queue";
const LIMITS = "Behaviour";
const ALERTS = "Alerts";

/** Every variable, in the order of `.env.example` and `docs/configuration.md`. */
export const VARIABLES = {
  appId: define(APP, "APP_ID", wholeNumber(1), "The App's id, from its settings page.", {
    remedy: "Copy 'App ID' from https://github.com/settings/apps/<your app>.",
  }),
  privateKey: define(
    APP,
    "PRIVATE_KEY",
    text,
    "The App's private key: PEM text (newlines may be written as \\n) or base64 of it.",
    {
      remedy: "Generate one under 'Private keys' of the App's settings, or set PRIVATE_KEY_PATH to the file.",
      secret: true,
    },
  ),
  privateKeyPath: define(
    APP,
    "PRIVATE_KEY_PATH",
    text,
    "The path of a file with the App's private key, instead of PRIVATE_KEY.",
    {
      remedy: "Give the path of the .pem file that you downloaded from GitHub.",
      example: "./app.private-key.pem",
    },
  ),
  webhookSecrets: define(
    APP,
    "WEBHOOK_SECRET",
    webhookSecrets,
    `The webhook secret, at least ${MIN_SECRET} characters. During a rotation: a comma-separated list; the app accepts each of them.`,
    { remedy: "Make one with `openssl rand -hex 32` and set the same in the App's webhook settings.", secret: true },
  ),
  clientId: define(APP, "GITHUB_CLIENT_ID", text, "OAuth client id, for people who connect their account (optional).", {
    remedy: "Copy 'Client ID' from the App's settings.",
  }),
  clientSecret: define(
    APP,
    "GITHUB_CLIENT_SECRET",
    text,
    "OAuth client secret, for people who connect their account (optional).",
    { remedy: "Generate one under 'Client secrets' of the App's settings.", secret: true },
  ),
  port: define(SERVER, "PORT", wholeNumber(0, 65_535), "The port to listen on; 0 takes a free one.", {
    remedy: "Give a port from 0 to 65535, such as 3000; 0 takes a free one.",
    fallback: "3000",
    example: "3000",
  }),
  host: define(SERVER, "HOST", text, "The address to listen on.", {
    remedy: "Give an address of this machine, such as 0.0.0.0 (all of them) or 127.0.0.1.",
    fallback: "0.0.0.0",
    example: "0.0.0.0",
  }),
  publicUrl: define(
    SERVER,
    "PUBLIC_URL",
    baseAddress.refine((address) => new URL(address).pathname === "/", "must not contain a path"),
    "The address under which people and GitHub reach this server.",
    { remedy: "Give an address such as https://companyos.example.com.", example: "https://companyos.example.com" },
  ),
  logLevel: define(
    SERVER,
    "LOG_LEVEL",
    oneOf(["trace", "debug", "info", "warn", "error", "fatal", "silent"]),
    "The lowest level that is logged.",
    { remedy: "Give one of trace, debug, info, warn, error, fatal, silent.", fallback: "info", example: "info" },
  ),
  logFormat: define(
    SERVER,
    "LOG_FORMAT",
    oneOf(["json", "pretty"]),
    "The format of log lines: json for machines, pretty for people. Unset: pretty on a terminal, else json.",
    { remedy: "Give json or pretty.", example: "json" },
  ),
  role: define(
    SERVER,
    "ROLE",
    oneOf(["all", "web", "worker"]),
    "The role of this process: web receives deliveries, worker processes them, all does both.",
    { remedy: "Set ROLE to all, web or worker.", fallback: "all", example: "all" },
  ),
  databaseUrl: define(
    DATA,
    "DATABASE_URL",
    url(/^postgres(ql)?$/),
    "PostgreSQL 14 or newer. Unset: an embedded PostgreSQL under DATA_DIR.",
    { remedy: "Give postgresql://user:password@host:5432/database, or unset it for the embedded one.", secret: true },
  ),
  dataDir: define(DATA, "DATA_DIR", text, "The folder of the embedded PostgreSQL.", {
    remedy: "Give the path of a folder that the app may write to.",
    fallback: ".data",
    example: ".data",
  }),
  redisUrl: define(
    DATA,
    "REDIS_URL",
    url(/^rediss?$/),
    "Redis for the queues (maxmemory-policy noeviction). Unset: queues in PostgreSQL.",
    {
      remedy: "Give redis://host:6379, or unset it to keep the queues in PostgreSQL.",
      secret: true,
    },
  ),
  encryptionKeys: define(
    DATA,
    "ENCRYPTION_KEYS",
    encryptionKeys,
    "Keys that encrypt stored tokens: id:base64 of 32 bytes, comma-separated. The first key encrypts, all keys decrypt.",
    { remedy: 'Make one with `echo "k1:$(openssl rand -base64 32)"`.', secret: true },
  ),
  ...ACCESS_VARIABLES,
  metricsPort: define(
    SERVER,
    "METRICS_PORT",
    wholeNumber(0, 65_535),
    "The port at which a worker (ROLE=worker) serves /metrics, /healthz and /readyz; 0 takes a free one. Unset: the worker does not listen.",
    { remedy: "Give a port from 0 to 65535, such as 9464; 0 takes a free one.", example: "9464" },
  ),
  otlpEndpoint: define(
    SERVER,
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    url(/^https?$/),
    "The OTLP/HTTP endpoint that receives traces (optional). The other OTEL_ variables apply as well.",
    { remedy: "Give an address such as http://localhost:4318.", example: "http://localhost:4318" },
  ),
  otlpTracesEndpoint: define(
    SERVER,
    "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
    url(/^https?$/),
    "The full OTLP/HTTP address for traces only, with its path (optional).",
    { remedy: "Give an address such as http://localhost:4318/v1/traces." },
  ),
  otelDisabled: define(SERVER, "OTEL_SDK_DISABLED", z.string().toLowerCase().pipe(flag), "true disables traces.", {
    remedy: "Give true or false.",
    fallback: "false",
  }),
  otelExporter: define(
    SERVER,
    "OTEL_TRACES_EXPORTER",
    text,
    "The exporter of traces: otlp, or none to disable traces.",
    { remedy: "Give otlp or none.", fallback: "otlp" },
  ),
  otlpHeaders: define(
    SERVER,
    "OTEL_EXPORTER_OTLP_HEADERS",
    text,
    "Headers of the OTLP requests, such as an API key (optional).",
    {
      remedy: "Give name=value, comma-separated.",
      secret: true,
    },
  ),
  otlpTracesHeaders: define(
    SERVER,
    "OTEL_EXPORTER_OTLP_TRACES_HEADERS",
    text,
    "Headers of the OTLP requests for traces only; they replace the ones above (optional).",
    { remedy: "Give name=value, comma-separated.", secret: true },
  ),
  sentryDsn: define(
    SERVER,
    "SENTRY_DSN",
    url(/^https?$/),
    "The DSN of Sentry, or of a compatible service, that receives unexpected errors (optional).",
    { remedy: "Copy the DSN from the project's settings.", secret: true },
  ),
  dryRun: define(
    LIMITS,
    "DRY_RUN",
    flag,
    "1: the app writes nothing to GitHub; it records and logs each write instead.",
    {
      remedy: "Give 1 or 0 (or true, false, yes, no).",
      fallback: "0",
      example: "0",
    },
  ),
  bodyRetentionDays: define(
    LIMITS,
    "BODY_RETENTION_DAYS",
    wholeNumber(1, 3_650),
    "Days for which the bodies of deliveries are kept. Their rows are never deleted.",
    { remedy: "Give a number of days from 1 to 3650, such as 30.", fallback: "30", example: "30" },
  ),
  quotaReserve: define(
    LIMITS,
    "QUOTA_RESERVE",
    number(0, 0.9),
    "The share of GitHub's hourly rate limit that background work leaves unused.",
    { remedy: "Give a share from 0 to 0.9, such as 0.25 for a quarter.", fallback: "0.25", example: "0.25" },
  ),
  healthBands: define(
    ALERTS,
    "HEALTH_BANDS",
    HealthBandsText,
    "Thresholds of the health checks as JSON; missing ones keep their default (docs/health.md).",
    {
      remedy: 'Give JSON such as {"quota":{"degraded":0.3}}; docs/health.md names every band.',
      fallback: "{}",
      example: '{"quota":{"degraded":0.3}}',
    },
  ),
  alertWebhookUrl: define(
    ALERTS,
    "ALERT_WEBHOOK_URL",
    url(/^https?$/),
    "The address that receives alerts as JSON (optional).",
    {
      remedy: "Give an address such as https://alerts.example.com/hook.",
      secret: true,
    },
  ),
  alertWebhookSecret: define(
    ALERTS,
    "ALERT_WEBHOOK_SECRET",
    z.string().min(MIN_SECRET, `must have at least ${MIN_SECRET} characters`),
    "The secret that signs these requests, as in the Standard Webhooks specification: `whsec_` and base64, or any text.",
    { remedy: 'Make one with `echo "whsec_$(openssl rand -base64 32)"`.', secret: true },
  ),
  alertSlackUrl: define(
    ALERTS,
    "ALERT_SLACK_URL",
    url(/^https?$/),
    "An incoming webhook of Slack, Mattermost or a compatible service (optional).",
    {
      remedy: "Give the address that Slack shows for the webhook, such as https://hooks.slack.com/services/….",
      secret: true,
    },
  ),
  alertIssueRepository: define(
    ALERTS,
    "ALERT_ISSUE_REPOSITORY",
    z.string().regex(/^[\w.-]+\/[\w.-]+$/, "must be owner/name"),
    "The repository, owner/name, in which the app opens one issue for each incident (optional). Install the App there.",
    { remedy: "Give the owner/name of a repository on which the App is installed.", example: "acme/operations" },
  ),
  alertQuietMinutes: define(
    ALERTS,
    "ALERT_QUIET_MINUTES",
    wholeNumber(0, 1_440),
    "Minutes without the problem before an incident resolves. If the problem returns sooner, the same incident continues.",
    { remedy: "Give a number of minutes from 0 to 1440, such as 15.", fallback: "15", example: "15" },
  ),
  alertRepeatMinutes: define(
    ALERTS,
    "ALERT_REPEAT_MINUTES",
    wholeNumber(5, 10_080),
    "Minutes between repeated messages about an open incident.",
    { remedy: "Give a number of minutes from 5 to 10080, such as 240.", fallback: "240", example: "240" },
  ),
  ...EVENT_VARIABLES,
  ...MODEL_VARIABLES,
  ...HOST_VARIABLES,
} as const;

export type VariableKey = keyof typeof VARIABLES;
