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

/**
 * Shapes of secrets inside free text: GitHub tokens, bearer headers, PEM keys (also one that is cut off), passwords in
 * URLs. What may begin at many places of a text has a bounded length.
 */
const SECRET_SHAPES =
  /\b(?:gh[pousr]_[A-Za-z0-9_.-]{16,}|github_pat_[A-Za-z0-9_]{20,}|sk-[A-Za-z0-9_-]{20,}|xox[abeprs]-[A-Za-z0-9-]{10,}|AKIA[0-9A-Z]{16}|eyJ[A-Za-z0-9_-]{8,2000}\.[A-Za-z0-9_-]{8,4000}\.[A-Za-z0-9_-]{8,})|(?<=\b(?:bearer|basic|token) )[A-Za-z0-9._~+/-]{16,}=*|-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----(?:[\s\S]{0,10000}?-----END [A-Z ]{0,40}PRIVATE KEY-----|[\w+/=\s\\]*)|(?<=:\/\/[^\s/:@]*:)[^\s/@]+(?=@)/gi;

/**
 * The exact secrets of this process. Deliberately the one state that is shared by all of it: what writes an error to a
 * row, a message or an event must not be able to forget them.
 */
const KNOWN = new Set<string>();

/** From now on `redact` takes these values out of every text, also as they stand in JSON. */
export function knowSecrets(values: readonly string[]): void {
  for (const value of values) {
    if (value.length < 8) continue;
    KNOWN.add(value);
    KNOWN.add(JSON.stringify(value).slice(1, -1));
  }
}

/** The text with everything that has the shape of a secret, each known secret and each exact value of `more`, replaced. */
export function redact(text: string, more: readonly string[] = []): string {
  let result = text.replace(SECRET_SHAPES, "[redacted]");
  for (const value of KNOWN) if (result.includes(value)) result = result.split(value).join("[redacted]");
  for (const value of more) if (value.length >= 8) result = result.split(value).join("[redacted]");
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
