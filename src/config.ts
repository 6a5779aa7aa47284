import { readFileSync } from "node:fs";
import type { z } from "zod";
import { ConfigError } from "./errors.js";
import { secretParts } from "./config/secret-parts.js";
import { parsePrivateKey } from "./config/private-key.js";
import type { Variable } from "./config/define.js";
import { disagreement, githubAddresses, type GitHubAddresses } from "./config/github-addresses.js";
import { shownSettings } from "./config/shown-settings.js";
import { VARIABLES } from "./config/variables.js";
import { knowSecrets } from "./log.js";

type Env = Readonly<Record<string, string | undefined>>;
type Problem = ConfigError["problems"][number];

/** The complete configuration of the process, read once and frozen. Its secrets never reach a log, a page or a job. */
export type Config = Readonly<ReturnType<typeof readConfig>>;
/** The App's credentials. The server requires them; `probot receive` and `migrate` do not. */
export type AppCredentials = Readonly<ReturnType<typeof readCredentials>>;

/**
 * Reads the settings that every command needs, and registers their secrets with `redact`, so that no command can forget
 * it.
 * @throws ConfigError that names each wrong variable and its remedy.
 */
export function readConfig(env: Env = process.env) {
  knowSecrets(secretValues(env));
  const read = reader(env);
  const config = {
    port: read.withFallback(VARIABLES.port),
    host: read.withFallback(VARIABLES.host),
    publicUrl: read.optional(VARIABLES.publicUrl),
    logLevel: read.withFallback(VARIABLES.logLevel),
    logFormat: read.optional(VARIABLES.logFormat),
    role: read.withFallback(VARIABLES.role),
    databaseUrl: read.optional(VARIABLES.databaseUrl),
    dataDir: read.withFallback(VARIABLES.dataDir),
    redisUrl: read.optional(VARIABLES.redisUrl),
    tracesUrl: tracesUrl({
      traces: read.optional(VARIABLES.otlpTracesEndpoint),
      all: read.optional(VARIABLES.otlpEndpoint),
      off:
        read.withFallback(VARIABLES.otelDisabled) ||
        !read.withFallback(VARIABLES.otelExporter).split(",").includes("otlp"),
    }),
    sentryDsn: read.optional(VARIABLES.sentryDsn),
    metricsToken: read.optional(VARIABLES.metricsToken),
    metricsPort: read.optional(VARIABLES.metricsPort),
    adminToken: read.optional(VARIABLES.adminToken),
    adminLogins: read.optional(VARIABLES.adminLogins) ?? [],
    webhookProxyUrl: read.optional(VARIABLES.webhookProxyUrl),
    clientId: read.optional(VARIABLES.clientId),
    clientSecret: read.optional(VARIABLES.clientSecret),
    encryptionKeys: read.optional(VARIABLES.encryptionKeys) ?? [],
    dryRun: read.withFallback(VARIABLES.dryRun),
    bodyRetentionDays: read.withFallback(VARIABLES.bodyRetentionDays),
    quotaReserve: read.withFallback(VARIABLES.quotaReserve),
    healthBands: read.withFallback(VARIABLES.healthBands),
    alerts: {
      webhookUrl: read.optional(VARIABLES.alertWebhookUrl),
      webhookSecret: read.optional(VARIABLES.alertWebhookSecret),
      slackUrl: read.optional(VARIABLES.alertSlackUrl),
      issueRepository: read.optional(VARIABLES.alertIssueRepository),
      quietMs: read.withFallback(VARIABLES.alertQuietMinutes) * 60_000,
      repeatMs: read.withFallback(VARIABLES.alertRepeatMinutes) * 60_000,
    },
    events: {
      amqpUrl: read.optional(VARIABLES.eventsAmqpUrl),
      amqpExchange: read.withFallback(VARIABLES.eventsAmqpExchange),
      webhookUrl: read.optional(VARIABLES.eventsWebhookUrl),
      webhookSecret: read.optional(VARIABLES.eventsWebhookSecret),
      redisUrl: read.optional(VARIABLES.eventsRedisUrl),
    },
    proxy: {
      httpsProxy: read.optional(VARIABLES.httpsProxy),
      httpProxy: read.optional(VARIABLES.httpProxy),
      noProxy: read.optional(VARIABLES.noProxy),
    },
    ai: readModel(read),
    github: readAddresses(read),
  };
  if (config.events.webhookUrl !== undefined && config.events.webhookSecret === undefined)
    read.required(VARIABLES.eventsWebhookSecret);
  read.finish();
  return Object.freeze({ ...config, shown: shownSettings(env) });
}

/**
 * Reads the App's id, private key and webhook secrets.
 * @throws ConfigError that names each missing, short, default or malformed value and its remedy.
 */
export function readCredentials(env: Env = process.env) {
  const read = reader(env);
  const appId = read.required(VARIABLES.appId);
  const webhookSecrets = read.required(VARIABLES.webhookSecrets);
  const privateKey = readPrivateKey(env, read);
  if (appId === undefined || webhookSecrets === undefined || privateKey === undefined) throw read.error();
  // PRIVATE_KEY_PATH may name a file that holds the key.
  knowSecrets([...webhookSecrets, ...secretParts(privateKey)]);
  return Object.freeze({ appId, webhookSecrets, privateKey });
}

/**
 * The addresses of GitHub. Unset addresses are derived from the others; all of them must belong to one GitHub server.
 */
function readAddresses(read: Reader): GitHubAddresses {
  const addresses = githubAddresses({
    api: read.optional(VARIABLES.apiUrl),
    graphql: read.optional(VARIABLES.graphqlUrl),
    server: read.optional(VARIABLES.serverUrl),
    ghe: read.optional(VARIABLES.gheHost),
  });
  const wrong = disagreement(addresses);
  if (wrong) read.fail(VARIABLES[wrong.variable], wrong.problem);
  return addresses;
}

/** The environment of this process, for variables that are checked together. */
export function environment(): Env {
  return process.env;
}

/**
 * Whether any credential of the App is set. Incomplete credentials are an error; no credentials start the guided
 * set-up.
 */
export function hasCredentials(env: Env = process.env): boolean {
  return ["APP_ID", "PRIVATE_KEY", "PRIVATE_KEY_PATH", "WEBHOOK_SECRET"].some((name) => Boolean(env[name]?.trim()));
}

/** Access to a language model; null without a key. With a key, the other variables must be complete. */
function readModel(read: Reader) {
  const apiKey = read.optional(VARIABLES.aiApiKey);
  const provider = read.withFallback(VARIABLES.aiProvider);
  const baseUrl = read.optional(VARIABLES.aiBaseUrl) ?? null;
  const dailyUsd = read.optional(VARIABLES.aiDailyUsd) ?? null;
  const dailyTokens = read.withFallback(VARIABLES.aiDailyTokens);
  const priced = (variable: typeof VARIABLES.aiInputPrice) =>
    dailyUsd === null ? (read.optional(variable) ?? 0) : read.required(variable);
  const prices = { input: priced(VARIABLES.aiInputPrice), output: priced(VARIABLES.aiOutputPrice) };
  if (apiKey === undefined) return null;
  const model = read.required(VARIABLES.aiModel);
  if (provider === "openai-compatible" && baseUrl === null) read.fail(VARIABLES.aiBaseUrl, "is missing");
  if (model === undefined || prices.input === undefined || prices.output === undefined) return null;
  return {
    provider,
    model,
    apiKey,
    baseUrl,
    dailyTokens,
    dailyUsd,
    prices: { input: prices.input, output: prices.output },
  };
}

/** The exact secret values of the environment, for the log's redaction. */
export function secretValues(env: Env = process.env): readonly string[] {
  return Object.values(VARIABLES)
    .filter((variable) => variable.secret)
    .flatMap((variable) => env[variable.name] ?? [])
    .flatMap(secretParts);
}

function readPrivateKey(env: Env, read: Reader): string | undefined {
  const { PRIVATE_KEY: inline, PRIVATE_KEY_PATH: path } = env;
  const variable = path && !inline ? VARIABLES.privateKeyPath : VARIABLES.privateKey;
  if (!inline && !path) return read.fail(VARIABLES.privateKey, "is missing");
  try {
    return parsePrivateKey(inline || readFileSync(path ?? "", "utf8"));
  } catch (error) {
    const missing = error instanceof Error && "path" in error && "code" in error;
    return read.fail(
      variable,
      missing ? `cannot be read (${String(error.code)})` : "is not an RSA private key in PEM form",
    );
  }
}

type Reader = ReturnType<typeof reader>;

function reader(env: Env) {
  const problems: Problem[] = [];
  const parse = <T>(variable: Variable & { readonly schema: z.ZodType<T> }, raw: string): T | undefined => {
    const result = variable.schema.safeParse(raw);
    if (result.success) return result.data;
    for (const issue of result.error.issues)
      problems.push({
        variable: variable.name,
        problem: `${issue.path.join(".")} ${issue.message}`.trim(),
        remedy: variable.remedy,
      });
    return undefined;
  };
  const raw = (variable: Variable): string | undefined => env[variable.name]?.trim() || undefined;
  return {
    optional<T>(variable: Variable & { readonly schema: z.ZodType<T> }): T | undefined {
      const value = raw(variable);
      return value === undefined ? undefined : parse(variable, value);
    },
    withFallback<T>(variable: Variable & { readonly schema: z.ZodType<T> }): T {
      const value = parse(variable, raw(variable) ?? variable.fallback);
      return value ?? variable.schema.parse(variable.fallback);
    },
    required<T>(variable: Variable & { readonly schema: z.ZodType<T> }): T | undefined {
      const value = raw(variable);
      return value === undefined ? this.fail(variable, "is missing") : parse(variable, value);
    },
    fail(variable: Variable, problem: string): undefined {
      problems.push({ variable: variable.name, problem, remedy: variable.remedy });
    },
    error(): ConfigError {
      return new ConfigError(problems);
    },
    finish(): void {
      if (problems.length > 0) throw new ConfigError(problems);
    },
  };
}

/**
 * The job's token in GitHub Actions, from the variables that the adapter takes it from.
 * @throws ConfigError when none is set.
 */
export function readActionToken(env: Env = process.env): string {
  const token = env["GITHUB_TOKEN"] || env["INPUT_GITHUB_TOKEN"] || env["INPUT_TOKEN"];
  if (token) {
    knowSecrets([token]);
    return token;
  }
  const remedy = "Add `env: GITHUB_TOKEN: ${{ github.token }}` to the step.";
  throw new ConfigError([{ variable: "GITHUB_TOKEN", problem: "is missing", remedy }]);
}

/** OTLP's rule: the address for traces is used unchanged; the general endpoint gets the path for traces appended. */
function tracesUrl(given: {
  readonly traces: string | undefined;
  readonly all: string | undefined;
  readonly off: boolean;
}): string | undefined {
  const { traces, all, off } = given;
  if (off) return undefined;
  return traces ?? (all && `${all.replace(/\/+$/, "")}/v1/traces`);
}
