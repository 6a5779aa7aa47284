import { type AppCredentials, type Config, readConfig, readCredentials } from "../config.js";
import { ConfigError, sentenceOf } from "../errors.js";
import { type Finding, ok, problem } from "./check.js";

export interface Configured {
  readonly config: Config | null;
  readonly credentials: AppCredentials | null;
  readonly findings: readonly Finding[];
}

/** The environment: every variable that is missing, short, a known default or malformed. */
export function checkConfiguration(env: Readonly<Record<string, string | undefined>>): Configured {
  const config = attempt(() => readConfig(env));
  const credentials = attempt(() => readCredentials(env));
  const findings = [...config.findings, ...credentials.findings, ...publicUrl(config.value)];
  return {
    config: config.value,
    credentials: credentials.value,
    findings: findings.length > 0 ? findings : [ok("configuration", "every variable is valid")],
  };
}

function attempt<T>(read: () => T): { readonly value: T | null; readonly findings: readonly Finding[] } {
  try {
    return { value: read(), findings: [] };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return {
      value: null,
      findings: error.problems.map((p) => problem("configuration", sentenceOf(p), p.remedy)),
    };
  }
}

const LOCAL = new Set(["localhost", "127.0.0.1", "[::1]"]);

function publicUrl(config: Config | null): readonly Finding[] {
  if (!config?.publicUrl) return [];
  const { protocol, hostname } = new URL(config.publicUrl);
  if (protocol === "https:" || LOCAL.has(hostname)) return [];
  const remedy = "Put a TLS proxy in front and set PUBLIC_URL to its https address.";
  return [problem("configuration", "PUBLIC_URL is plain http: deliveries and sessions can be read in transit", remedy)];
}
