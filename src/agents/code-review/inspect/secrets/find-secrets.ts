import { createHmac } from "node:crypto";
import { lintSource } from "@secretlint/core";
import { creator } from "@secretlint/secretlint-rule-preset-recommend";
import type { SecretHit } from "../protocol.js";
import { FORMATS, type Format } from "./formats.js";
import { hasGitHubChecksum, isLikely } from "./likely.js";
import { type Place, privateKeys, webTokens } from "./structured.js";

/**
 * Left out: the rule that lets comments in the text switch the detector off, because the text is not trusted; and the
 * rules for Slack and private keys, which report file names and placeholders and miss EC and Ed25519 keys.
 */
const detectors = creator.rules
  .filter((rule) => !/filter-comments$|-slack$|-privatekey$/.test(rule.meta.id))
  .map((rule) => ({ id: rule.meta.id, rule }));

/**
 * Finds secrets by their issuers' formats, by the structure of keys and tokens, and by secretlint's recommended rules.
 * Matches are hashed here and never leave this process.
 */
export async function findSecrets(path: string, text: string, hashKey: string): Promise<readonly SecretHit[]> {
  const own = [...privateKeys(text), ...webTokens(text), ...FORMATS.flatMap((format) => placesOf(format, text))];
  const others = (await secretlint(path, text)).filter(
    ({ start, end }) => !own.some((place) => place.start < end && start < place.end),
  );
  const lines = lineStarts(text);
  const places = withoutOverlaps([...own, ...others]);
  return places.map(({ kind, start, end }) => ({
    kind,
    startLine: lineOf(lines, start),
    endLine: lineOf(lines, end),
    hash: createHmac("sha256", hashKey).update(text.slice(start, end)).digest("hex"),
  }));
}

const compiled = new Map<Format, RegExp>();

function placesOf(format: Format, text: string): readonly Place[] {
  const isThere = format.ignoreCase ? lowered(text).includes(format.hint.toLowerCase()) : text.includes(format.hint);
  if (!isThere) return [];
  const places: Place[] = [];
  for (const match of text.matchAll(patternOf(format))) {
    const value = match.groups?.["secret"] ?? match[0];
    const start = match.index + match[0].indexOf(value);
    const proven = format.checksum === "github" && hasGitHubChecksum(value);
    if (proven || isLikely(value, format.entropy, format.hint))
      places.push({ kind: format.kind, start, end: start + value.length });
  }
  return places;
}

/** A match must stand alone; inside a longer word it is something else. */
function patternOf(format: Format): RegExp {
  const known = compiled.get(format);
  if (known) return known;
  const alone = format.form.includes("(?<secret>") ? format.form : String.raw`(?<![\w])${format.form}(?![\w])`;
  const pattern = new RegExp(alone, format.ignoreCase ? "gi" : "g");
  compiled.set(format, pattern);
  return pattern;
}

const lower = { text: "", lowered: "" };

/** Each format searches the text in turn. */
function lowered(text: string): string {
  if (lower.text !== text) Object.assign(lower, { text, lowered: text.toLowerCase() });
  return lower.lowered;
}

async function secretlint(path: string, text: string): Promise<readonly Place[]> {
  const extension = /\.[^./]+$/.exec(path)?.[0] ?? "";
  const { messages } = await lintSource({
    source: { filePath: path, content: text, ext: extension, contentType: "text" },
    options: { config: { rules: detectors }, noPhysicFilePath: true, maskSecrets: true },
  });
  return messages.flatMap(({ ruleId, messageId, range: [start, end] }) => {
    const value = text.slice(start, end);
    const url = IN_URL.exec(value);
    return (url ? isPasswordOf(url) : isLikely(value)) ? [{ kind: messageId || ruleId, start, end }] : [];
  });
}

/** Of overlapping matches the longest. */
function withoutOverlaps(places: readonly Place[]): readonly Place[] {
  const kept: Place[] = [];
  for (const place of places.toSorted((a, b) => a.start - b.start || b.end - a.end))
    if ((kept.at(-1)?.end ?? 0) <= place.start) kept.push(place);
  return kept;
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

function lineOf(starts: readonly number[], offset: number): number {
  let [low, high] = [0, starts.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return low + 1;
}

const IN_URL = /^[a-z][\w+.-]*:\/\/([^:@/\s]*):([^@/\s]*)@([^:/\s"'`?#]+)/i;
const LOCAL_HOST =
  /^(?:localhost|127\.[\d.]+|\[?::1\]?|[\w-]+|.*\.(?:localhost|local|example|test|invalid)|(?:.*\.)?example\.(?:com|org|net)|.*(?:<|\[|\$|\{|%).*)$/i;
const NO_PASSWORD =
  /^(?:password|passwd|pass|pwd|postgres|root|admin|secret|changeme|example|test|token|user|x+|\*+|\.+|[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|.*[<>[\]${}%|].*)$/;

/** A password in an address of the local machine, of a neighbouring service or of an example protects nothing. */
function isPasswordOf([, user = "", password = "", host = ""]: RegExpExecArray): boolean {
  if (LOCAL_HOST.test(host) || NO_PASSWORD.test(password) || NO_PASSWORD.test(password.toLowerCase())) return false;
  return password !== user && password !== "" && isLikely(password, 1.5);
}
