import { randomBytes } from "node:crypto";

const secret = (): string => randomBytes(24).toString("hex");
const key = (): string => randomBytes(32).toString("base64");

/** What is worth stealing, by where it is planted. */
export type Planted = Readonly<Record<string, string>>;

/** Secrets of the configuration: known by their exact values, whatever a text says around them. */
export function plantConfiguration(given: { readonly privateKey: string; readonly databasePassword: string }) {
  const lines = given.privateKey.trim().split("\n");
  return {
    webhookSecret: secret(),
    oldWebhookSecret: secret(),
    adminToken: secret(),
    metricsToken: secret(),
    encryptionKey: key(),
    oldEncryptionKey: key(),
    clientSecret: secret(),
    alertSecret: secret(),
    alertAddress: secret(),
    slackAddress: secret(),
    sentryKey: secret(),
    redisPassword: secret(),
    modelKey: secret(),
    tracesHeader: secret(),
    proxyPassword: secret(),
    databasePassword: given.databasePassword,
    keyLine: lines[7] ?? "",
    lastKeyLine: lines.at(-2) ?? "",
  } as const;
}

/** Secrets of other people's in a text: known by their shapes alone. Each with the text around it. */
export function plantShapes(): readonly { readonly name: string; readonly value: string; readonly text: string }[] {
  const shaped = (name: string, value: string, around: (value: string) => string = (text) => text) => ({
    name,
    value,
    text: around(value),
  });
  return [
    shaped("classic token", `ghp_${secret().slice(0, 36)}`),
    shaped("installation token", `ghs_${secret().slice(0, 36)}`),
    shaped("user token", `ghu_${secret().slice(0, 36)}`),
    shaped("refresh token", `ghr_${secret().slice(0, 36)}`),
    shaped("fine-grained token", `github_pat_${secret()}`),
    shaped("bearer header", secret(), (value) => `authorization: Bearer ${value}`),
    shaped("basic header", key(), (value) => `authorization: Basic ${value}`),
    shaped("password of a URL", secret(), (value) => `https://x-access-token:${value}@github.com/acme/site`),
    shaped("key of a model", `sk-${secret()}`),
    shaped("JSON web token", `eyJhbGciOiJSUzI1NiJ9.${secret()}.${secret()}`),
    shaped("token of Slack", `xoxb-${secret()}`),
  ];
}

/** Where which of them is found, as `name: in place`. */
export function leaks(planted: Planted, places: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(planted).flatMap(([name, value]) =>
    Object.entries(places).flatMap(([place, text]) =>
      text.includes(value) || text.includes(JSON.stringify(value).slice(1, -1)) ? [`${name}: in ${place}`] : [],
    ),
  );
}
