import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { describe, expect, it } from "vitest";
import { findSecrets } from "./find-secrets.js";
import { hasGitHubChecksum } from "./likely.js";

const kindsIn = async (text: string, path = "config/app.txt") =>
  (await findSecrets(path, text, "a key for tests, 32 characters or more")).map(({ kind }) => kind);

const HEX = "0123456789abcdef";
const BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** Looks random, and is the same in every run. No literal of this file has the form of a secret. */
function made(alphabet: string, length: number): string {
  let state = 20_261_130;
  return Array.from({ length }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return alphabet[(state >> 8) % alphabet.length] ?? "";
  }).join("");
}

describe("a private key", () => {
  const pem = (key: KeyObject, type: "pkcs1" | "pkcs8" | "sec1", cipher?: string) =>
    key.export({ format: "pem", type, ...(cipher !== undefined && { cipher, passphrase: "open sesame" }) }).toString();
  const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const ec = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const ed25519 = generateKeyPairSync("ed25519");
  const KEYS = [
    ["RSA, PKCS #1", pem(rsa.privateKey, "pkcs1")],
    ["RSA, PKCS #8", pem(rsa.privateKey, "pkcs8")],
    ["RSA, PKCS #1 with a passphrase", pem(rsa.privateKey, "pkcs1", "aes-128-cbc")],
    ["RSA, PKCS #8 with a passphrase", pem(rsa.privateKey, "pkcs8", "aes-256-cbc")],
    ["P-256, SEC 1", pem(ec.privateKey, "sec1")],
    ["P-256, PKCS #8", pem(ec.privateKey, "pkcs8")],
    ["P-521, SEC 1", pem(generateKeyPairSync("ec", { namedCurve: "secp521r1" }).privateKey, "sec1")],
    ["Ed25519, PKCS #8", pem(ed25519.privateKey, "pkcs8")],
    ["X25519, PKCS #8", pem(generateKeyPairSync("x25519").privateKey, "pkcs8")],
  ] as const;

  it.each(KEYS)("%s is found in a file, in JSON, indented in YAML and joined from strings", async (_name, key) => {
    const joined = key
      .trimEnd()
      .split("\n")
      .map((line) => `  "${line}\\n" +`)
      .join("\n");
    for (const text of [
      key,
      JSON.stringify({ key }),
      `key: |\n${key.replaceAll(/^/gm, "    ")}`,
      `const key =\n${joined}`,
    ])
      expect(await kindsIn(text)).toHaveLength(1);
  });

  it("public keys and elided keys do not count", async () => {
    const publicKeys = [rsa, ec, ed25519].map(({ publicKey }) => publicKey.export({ format: "pem", type: "spki" }));
    expect(await kindsIn(publicKeys.join("\n"))).toEqual([]);
    const elided = ["-----BEGIN RSA PRIVATE", "KEY-----\n...\n-----END RSA PRIVATE KEY-----\n"].join(" ");
    expect(await kindsIn(elided)).toEqual([]);
    const lead = ["-----BEGIN PRIVATE", "KEY-----"].join(" ");
    expect(await kindsIn(`throw new Error("the key must begin with ${lead}");`)).toEqual([]);
  });
});

const FORMS = [
  ["AWS access key id", ["AKIA", made(BASE32, 16)]],
  ["AWS access key id", ["ASIA", made(BASE32, 16)]],
  ["Stripe key", ["sk_live_", made(BASE62, 24)]],
  ["Stripe key", ["rk_live_", made(BASE62, 99)]],
  ["GitLab access token", ["glpat-", made(BASE62, 20)]],
  ["GitLab runner token", ["glrt-", made(BASE62, 20)]],
  ["GitLab deploy token", ["gldt-", made(BASE62, 20)]],
  ["GitLab pipeline trigger token", ["glptt-", made(HEX, 40)]],
  ["Twilio key", ["SK", made(HEX, 32)]],
  ["RubyGems key", ["rubygems_", made(HEX, 48)]],
  ["DigitalOcean token", ["dop_v1_", made(HEX, 64)]],
  ["Postman key", ["PMAK-", made(HEX, 24), "-", made(HEX, 34)]],
  ["Pulumi token", ["pul-", made(HEX, 40)]],
  ["PlanetScale secret", ["pscale_tkn_", made(BASE62, 40)]],
  ["Doppler token", ["dp.pt.", made(BASE62, 43)]],
  ["Fly.io token", ["fo1_", made(BASE62, 43)]],
  ["Sentry user token", ["sntryu_", made(HEX, 64)]],
  ["Heroku token", ["HRKU-AA", made(BASE62, 58)]],
  ["Google API key", ["AIza", made(BASE62, 35)]],
  ["npm token", ["npm_", made(BASE62, 36)]],
  ["GitHub token", ["ghp_", made(BASE62, 36)]],
  ["Hugging Face token", ["hf_", made(BASE62.slice(10), 34)]],
  ["Anthropic key", ["sk-ant-api03-", made(BASE62, 93), "AA"]],
  ["OpenAI key", ["sk-proj-", made(BASE62, 74), "T3BlbkFJ", made(BASE62, 74)]],
  [
    "Slack webhook",
    ["https://hooks.slack.com/services/T", made(BASE62, 10), "/B", made(BASE62, 10), "/", made(BASE62, 24)],
  ],
  ["Discord webhook", ["https://discord.com/api/webhooks/", made("123456789", 18), "/", made(BASE62, 68)]],
  ["JSON web token", [token({ alg: "HS256" }), ".", token({ sub: "u-8471", iss: "acme" }), ".", made(BASE62, 43)]],
] as const;

function token(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

it.each(FORMS)("a %s is found in code, in YAML and in an environment file (%#)", async (kind, parts) => {
  const value = parts.join("");
  for (const text of [`const key = "${value}";`, `key: ${value}\n`, `export KEY=${value}\n`])
    expect(await kindsIn(text)).toEqual([kind]);
});

it.each(FORMS.filter(([kind]) => kind !== "JSON web token"))(
  "the form of a %s filled with x is a placeholder (%#)",
  async (_kind, parts) => {
    const [prefix, ...rest] = parts;
    const hidden = [prefix, ...rest.map((part) => part.replaceAll(/[^/.-]/g, "x"))].join("");
    expect(await kindsIn(`const key = "${hidden}";`)).toEqual([]);
  },
);

it.each([
  "AKIAIOSFODNN7EXAMPLE",
  ["gho", "x".repeat(36)].join("_"),
  "postgres://[user]:[pass]@[host]/app",
  "postgres://<user>:<pass>@db.acme.io/app",
  "redis://app:REPLACE_ME@cache.acme.io",
  "mysql://app:YOUR_PASSWORD@db.acme.io/app",
  "amqp://app:${PASSWORD}@mq.acme.io",
  "https://indieweb.org/images/3/35/2018-250-xoxo-indieweb-1.jpg",
  "http://assets.acme.io/video_box.ico-7a388b69018576d24b59331fd60aab0c.png",
])("%s is a placeholder or something else, and no secret", async (text) => {
  expect(await kindsIn(`const value = "${text}";`)).toEqual([]);
});

it("recognises a GitHub token by its checksum, and reports an altered one too", async () => {
  const issued = ["ghp", "zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17"].join("_");
  const altered = issued.replace("zQ", "zR");
  expect([hasGitHubChecksum(issued), hasGitHubChecksum(altered)]).toEqual([true, false]);
  expect(await kindsIn(`${issued}\n${altered}\n`)).toEqual(["GitHub token", "GitHub token"]);
});
