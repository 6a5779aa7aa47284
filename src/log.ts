import { type DestinationStream, type Logger, type LoggerOptions, pino } from "pino";
import { prettyLine } from "./log/pretty.js";
import { z } from "zod";

export type Log = Logger;

/** Names of fields whose values are never logged, at the top level and up to two levels down. */
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

/** Shapes of secrets inside free text: GitHub tokens, bearer headers, PEM keys, passwords in URLs. Linear in the text. */
const SECRET_SHAPES =
  /\b(?:gh[pousr]_[A-Za-z0-9_.-]{16,}|github_pat_[A-Za-z0-9_]{20,}|sk-[A-Za-z0-9_-]{20,}|xox[abeprs]-[A-Za-z0-9-]{10,}|AKIA[0-9A-Z]{16})|(?<=\b(?:bearer|basic|token) )[A-Za-z0-9._~+/-]{16,}=*|-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----(?:[^"-]|-(?!----))*(?:-----END [A-Z ]{0,40}PRIVATE KEY-----)?|(?<=:\/\/[^\s/:@]{0,200}:)[^\s/@]+(?=@)/gi;

/**
 * Matches three parts separated by dots, from the start of the first part. Other starting points would take quadratic
 * time.
 */
const DOTTED = /(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{11,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}/g;

/** A JWT begins with `{"` in base64url, possibly after a prefix. */
function withoutJwt(dotted: string): string {
  const at = /\beyJ/.exec(dotted.slice(0, dotted.indexOf(".") - 8))?.index;
  return at === undefined ? dotted : `${dotted.slice(0, at)}[redacted]`;
}

/**
 * The exact secrets of this process. This state is global on purpose: code that writes an error to a row, a message or
 * an event must not be able to forget the redaction.
 */
const KNOWN = new Set<string>();

/** Registers values that `redact` removes from every text, including their JSON form. */
export function knowSecrets(values: readonly string[]): void {
  for (const value of values) {
    if (value.length < 8) continue;
    KNOWN.add(value);
    KNOWN.add(JSON.stringify(value).slice(1, -1));
  }
}

/** Replaces everything that looks like a secret, each registered secret, and each exact value of `more`. */
export function redact(text: string, more: readonly string[] = []): string {
  let result = text.replace(SECRET_SHAPES, "[redacted]").replace(DOTTED, withoutJwt);
  for (const value of KNOWN) if (result.includes(value)) result = result.split(value).join("[redacted]");
  for (const value of more) if (value.length >= 8) result = result.split(value).join("[redacted]");
  return result;
}

/**
 * Characters that JSON does not escape and that can control a terminal or hide text: C1 controls, line separators, text
 * directions.
 */
const TERMINAL = /[\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g;

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;

/**
 * The one logger: static messages, data in fields, JSON lines unless `format` is pretty. It redacts by field name, by
 * pattern and by the exact values in `secrets`, and escapes terminal control characters. Warnings and errors of one
 * kind become one line a minute, with a count.
 */
export function createLog(options: {
  readonly level: string;
  readonly secrets?: readonly string[];
  readonly destination?: DestinationStream;
  /** How long further lines of the same kind are collected (ms); 0 writes every line. */
  readonly repeatMs?: number;
  /** `pretty` is for people; `colour` is for terminals. */
  readonly format?: "json" | "pretty" | undefined;
  readonly colour?: boolean;
}): Log {
  const out = options.destination ?? pino.destination({ fd: 1, sync: true });
  const secrets = options.secrets ?? [];
  return pino(
    {
      level: options.level,
      redact: { paths: SECRET_FIELDS.flatMap((f) => [f, `*.${f}`, `*.*.${f}`]), censor: "[redacted]" },
      timestamp: pino.stdTimeFunctions.isoTime,
      hooks: { logMethod: oncePerKind(options.repeatMs ?? ONCE_PER_MS) },
    },
    {
      write(line: string) {
        const safe = redact(line, secrets).replace(TERMINAL, escaped);
        out.write(options.format === "pretty" ? prettyLine(safe, options.colour ?? false) : safe);
      },
    },
  );
}

const ONCE_PER_MS = 60_000;
const KINDS_REMEMBERED = 500;
const [WARN, FATAL] = [40, 60];

type LogMethod = NonNullable<NonNullable<LoggerOptions["hooks"]>["logMethod"]>;

/**
 * Writes the first line of a kind at once. Further lines of that kind within the time become one line at its end: the
 * last line, with their number as `repeated`. The kind is the message, the text fields and the error.
 */
function oncePerKind(repeatMs: number): LogMethod {
  const seen = new Map<string, { write: (() => void) | null; repeated: number }>();
  return function logMethod(args, method, level) {
    const write = (): void => method.apply(this, args);
    if (level < WARN || level >= FATAL || repeatMs === 0) return write();
    const kind = kindOfLine(level, args);
    const known = seen.get(kind);
    if (known) {
      known.repeated += 1;
      const { repeated } = known;
      const [first, ...rest] = args;
      known.write = (): void => {
        const fields: unknown = first;
        const data = typeof fields === "object" && fields !== null ? { ...fields, repeated } : { repeated };
        const message: readonly unknown[] = typeof fields === "string" ? [fields, ...rest] : rest;
        Reflect.apply(
          method,
          this,
          fields instanceof Error ? [{ err: fields, repeated }, ...rest] : [data, ...message],
        );
      };
      return;
    }
    if (seen.size < KINDS_REMEMBERED) {
      seen.set(kind, { write: null, repeated: 0 });
      setTimeout(() => {
        const last = seen.get(kind);
        seen.delete(kind);
        last?.write?.();
      }, repeatMs).unref();
    }
    write();
  };
}

const TextFields = z.record(z.string(), z.unknown());
const Fields = z.object({ err: z.unknown().optional() });

function kindOfLine(level: number, args: readonly unknown[]): string {
  const [first, second] = args;
  const err: unknown = first instanceof Error ? first : Fields.safeParse(first).data?.err;
  const message = typeof first === "string" ? first : second;
  const error =
    err instanceof Error ? `${err.name} ${err.message.slice(0, 200).replaceAll(/[0-9a-f-]*\d[0-9a-f-]*/gi, "0")}` : "";
  const texts = Object.values(TextFields.safeParse(first).data ?? {}).filter((value) => typeof value === "string");
  return `${level} ${String(message)} ${error} ${texts.join(" ").slice(0, 500)}`;
}
