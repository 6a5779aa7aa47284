import { generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { readConfig, readCredentials, secretValues } from "./config.js";
import { VARIABLES } from "./config/variables.js";
import { ConfigError } from "./errors.js";
import { redact } from "./log.js";

const { privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  privateKeyEncoding: { type: "pkcs1", format: "pem" },
  publicKeyEncoding: { type: "spki", format: "pem" },
});
const good = { APP_ID: "42", PRIVATE_KEY: privateKey, WEBHOOK_SECRET: "a-long-enough-secret" };

function problemsOf(read: () => unknown): readonly string[] {
  try {
    read();
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map((p) => `${p.variable} ${p.problem}`);
    throw error;
  }
  return [];
}

describe("readConfig", () => {
  it("has a working default for everything", () => {
    expect(readConfig({})).toMatchObject({
      port: 3000,
      role: "all",
      dataDir: ".data",
      dryRun: false,
      databaseUrl: undefined,
    });
  });
  it("names every wrong variable at once", () => {
    expect(problemsOf(() => readConfig({ PORT: "http", ROLE: "boss", DATABASE_URL: "mysql://x" })).join("\n")).toMatch(
      /PORT[\s\S]*ROLE[\s\S]*DATABASE_URL/,
    );
  });
  it("has no model without a key, and requires the other variables with one", () => {
    expect(readConfig({ AI_MODEL: "m" }).ai).toBeNull();
    const key = { AI_API_KEY: "some-key", AI_MODEL: "m", AI_BASE_URL: "http://127.0.0.1:1/v1" };
    expect(readConfig(key).ai).toMatchObject({ provider: "openai-compatible", model: "m", dailyTokens: 1_000_000 });
    expect(readConfig({ AI_API_KEY: "some-key", AI_PROVIDER: "anthropic", AI_MODEL: "m" }).ai?.baseUrl).toBeNull();
    expect(problemsOf(() => readConfig({ AI_API_KEY: "some-key", AI_DAILY_USD: "5" }))).toEqual([
      "AI_INPUT_PRICE is missing",
      "AI_OUTPUT_PRICE is missing",
      "AI_MODEL is missing",
      "AI_BASE_URL is missing",
    ]);
    expect(secretValues(key)).toContain("some-key");
  });
  it.each<[string, string, string]>([
    ["PORT", "abc", "must be a whole number from 0 to 65535"],
    ["PORT", "65536", "must be a whole number from 0 to 65535"],
    ["PORT", "1.5", "must be a whole number from 0 to 65535"],
    ["QUOTA_RESERVE", "abc", "must be a number from 0 to 0.9"],
    ["ROLE", "both", 'is "both"; it must be all, web or worker'],
    ["DRY_RUN", "maybe", 'is "maybe"; it must be 1, 0, true, false, yes or no'],
    ["PUBLIC_URL", "companyos.example.com", "is not an address"],
    ["GHE_HOST", "https://ghe.acme.test", "must be a host name alone, without https:// and without a path"],
    ["GHE_HOST", "ghe.acme.test/api", "must be a host name alone, without https:// and without a path"],
    ["HEALTH_BANDS", '{"quota":{"degraded":30}}', "quota.degraded must be a number from 0 to 1"],
    ["HEALTH_BANDS", '{"jobs":{"degraded":"x"}}', "jobs.degraded must be a number above 0"],
    ["HEALTH_BANDS", '{"jobs":{"degraded":9e9}}', "jobs degraded must not be above unhealthy"],
  ])("reports the problem of %s=%s", (name, value, problem) => {
    expect(problemsOf(() => readConfig({ [name]: value }))).toEqual([`${name} ${problem}`]);
  });
  it("has a remedy for each variable, and never refers to the page that shows it", () => {
    for (const { name, remedy } of Object.values(VARIABLES)) expect(remedy, name).toMatch(/^(?!See )[A-Z].*\.$/);
  });
  it("derives GitHub's addresses from GHE_HOST unless they are set", () => {
    const config = readConfig({ GHE_HOST: "git.acme.test", GITHUB_GRAPHQL_URL: "https://git.acme.test/graphql" });
    expect(config.github).toEqual({
      apiUrl: "https://git.acme.test/api/v3",
      graphqlUrl: "https://git.acme.test/graphql",
      serverUrl: "https://git.acme.test",
    });
  });
});

describe("readCredentials", () => {
  it("takes a list of secrets during a rotation", () => {
    expect(
      readCredentials({ ...good, WEBHOOK_SECRET: "old-secret-old-secret, new-secret-new-secret" }).webhookSecrets,
    ).toEqual(["old-secret-old-secret", "new-secret-new-secret"]);
  });
  it.each([
    ["nothing set", {}, ["APP_ID is missing", "WEBHOOK_SECRET is missing", "PRIVATE_KEY is missing"]],
    ["a short secret", { ...good, WEBHOOK_SECRET: "short" }, ["WEBHOOK_SECRET has 5 characters; it needs at least 16"]],
    ["Probot's default secret", { ...good, WEBHOOK_SECRET: "development" }, ["WEBHOOK_SECRET is a well-known default"]],
    [
      "one short secret of two",
      { ...good, WEBHOOK_SECRET: "a-long-enough-secret,x" },
      ["WEBHOOK_SECRET has 1 characters; it needs at least 16"],
    ],
    ["an id that is no number", { ...good, APP_ID: "abc" }, ["APP_ID must be a whole number above 0"]],
    [
      "a malformed key",
      { ...good, PRIVATE_KEY: "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----" },
      ["PRIVATE_KEY is not an RSA private key in PEM form"],
    ],
    [
      "a missing key file",
      { ...good, PRIVATE_KEY: "", PRIVATE_KEY_PATH: "/nowhere.pem" },
      ["PRIVATE_KEY_PATH cannot be read (ENOENT)"],
    ],
  ])("refuses %s", (_name, env, problems) => {
    expect(problemsOf(() => readCredentials(env))).toEqual(problems);
  });
  it.each([
    ["PEM", privateKey],
    ["PEM with written-out newlines", privateKey.replaceAll("\n", "\\n")],
    ["base64", Buffer.from(privateKey).toString("base64")],
  ])("reads a key as %s", (_name, PRIVATE_KEY) => {
    expect(readCredentials({ ...good, PRIVATE_KEY }).privateKey).toBe(privateKey.trim());
  });
  it("never puts a secret into its message", () => {
    const secret = "p4ssw0rd";
    expect(problemsOf(() => readCredentials({ ...good, WEBHOOK_SECRET: secret })).join()).not.toContain(secret);
  });
});

it("lists every secret value for redaction, each part of a list too", () => {
  expect(secretValues({ WEBHOOK_SECRET: "one-one,two-two", APP_ID: "1" })).toEqual([
    "one-one,two-two",
    "one-one",
    "two-two",
  ]);
});

it("redacts its values from every text afterwards", () => {
  const fromFile = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
  const PRIVATE_KEY = String(fromFile.export({ type: "pkcs8", format: "pem" }));
  const env = { ...good, PRIVATE_KEY, ADMIN_TOKEN: "what opens the operator's pages" };
  const line = PRIVATE_KEY.split("\n")[5] ?? "";
  const text = `${env.ADMIN_TOKEN}, ${line}`;
  expect(redact(text)).toBe(text);
  readConfig(env);
  readCredentials(env);
  expect(redact(text)).toBe("[redacted], [redacted]");
});
