import { type Logger, pino, type DestinationStream } from "pino";

export type Log = Logger;

/** Field names whose value never reaches the log, at the top and one or two levels down. */
const SECRET_FIELDS = [
  "authorization",
  "token",
  "accessToken",
  "access_token",
  "refresh_token",
  "secret",
  "client_secret",
  "privateKey",
  "private_key",
  "password",
  "apiKey",
  "webhookSecret",
  "databaseUrl",
  "redisUrl",
  "encryptionKeys",
  "cookie",
];

/** Shapes of secrets inside free text: GitHub tokens, bearer headers, PEM keys, passwords in URLs. */
const SECRET_SHAPES =
  /\b(?:gh[pousr]_[A-Za-z0-9_]{16,}|github_pat_[A-Za-z0-9_]{20,}|sk-[A-Za-z0-9_-]{20,})|(?<=\b(?:bearer|token) )[A-Za-z0-9._~+/-]{16,}=*|-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----|(?<=:\/\/[^\s/:@]*:)[^\s/@]+(?=@)/gi;

/** The text with everything that has the shape of a secret, and each exact value of `known`, replaced. */
export function redact(text: string, known: readonly string[] = []): string {
  let result = text.replace(SECRET_SHAPES, "[redacted]");
  for (const value of known) if (value.length >= 8) result = result.split(value).join("[redacted]");
  return result;
}

/**
 * The one logger: JSON lines with static messages and data in fields. Redacts by field name, by shape, and every exact
 * value in `secrets`.
 */
export function createLog(options: {
  readonly level: string;
  readonly secrets?: readonly string[];
  readonly destination?: DestinationStream;
}): Log {
  const out = options.destination ?? pino.destination({ fd: 1, sync: true });
  const secrets = options.secrets ?? [];
  return pino(
    {
      level: options.level,
      redact: { paths: SECRET_FIELDS.flatMap((f) => [f, `*.${f}`, `*.*.${f}`]), censor: "[redacted]" },
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    { write: (line: string) => out.write(redact(line, secrets)) },
  );
}
