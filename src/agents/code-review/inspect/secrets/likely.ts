import { createHash } from "node:crypto";

/**
 * Bits for each character. A random hexadecimal value of 16 characters or more has over 2.5; a repeated character has
 * none.
 */
const LEAST_ENTROPY = 2.4;
/** From this length on random values have more: 32 random hexadecimal digits have over 3. */
const [LONG, LEAST_OF_LONG] = [32, 2.8];

/** Placeholder words. Long enough not to occur by chance. */
const PLACEHOLDER =
  /x{6}|\*{3}|\.{3}|0{10}|example|placeholder|redacted|change_?me|replace[-_]?(?:me|with|this)|your[-_]?(?:api|token|key|secret|own|pass|user|db)|dummy|sample|insert[-_]|goes[-_]?here|not[-_]?a[-_]?real|\bfake|fake[-_]|<[^>]{0,40}>|\$\{|\{\{|%[({]|12345678901234|deadbeefdeadbeef/i;

/** Example values in the issuers' documentation, by a distinctive part. */
const DOCUMENTED: readonly string[] = [
  "AKIAIOSFODNN7EXAMPLE",
  "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
  "SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c",
  "4eC39HqLyjWDarjtT1zdp7dc",
  "BQokikJOvBiI2HlWgH4olfQ2",
  "T00000000/B00000000",
];

/**
 * Google's own public keys, from its documentation, samples and products: the first 12 hexadecimal digits of their
 * SHA-256, so that scanners of this repository find nothing.
 */
const PUBLISHED: ReadonlySet<string> = new Set([
  "0b476bdf9acf",
  "2037abcaffb2",
  "27a9a42931df",
  "37f8f09bdf12",
  "3a8b61d0f636",
  "3f370c9dd822",
  "49f777db995e",
  "4c98242dcadc",
  "8731261cb72d",
  "a19f89ab3555",
  "a6c814bc555a",
  "b7d61096898c",
  "dc0fcf046c61",
  "e4a5542bb7fd",
  "ea9bb1082cf9",
  "eb540d2b6ee2",
  "f3082ce9d699",
]);

/**
 * Whether a value of the right form may be real: not a placeholder, not from documentation, and with enough different
 * characters.
 */
export function isLikely(value: string, leastEntropy = LEAST_ENTROPY, prefix = ""): boolean {
  if (DOCUMENTED.some((known) => value.includes(known)) || PLACEHOLDER.test(value)) return false;
  if (value.startsWith("AIza") && PUBLISHED.has(createHash("sha256").update(value).digest("hex").slice(0, 12)))
    return false;
  const own = value.replace(prefix, "");
  const least = own.length >= LONG ? Math.max(leastEntropy, LEAST_OF_LONG) : leastEntropy;
  return entropyOf(own) >= least && !isMostlyOneCharacter(own);
}

/** The Shannon entropy in bits for each character. */
export function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

function isMostlyOneCharacter(text: string): boolean {
  let most = 0;
  const counts = new Map<string, number>();
  for (const character of text) {
    const count = (counts.get(character) ?? 0) + 1;
    counts.set(character, count);
    most = Math.max(most, count);
  }
  return most > text.length / 2;
}

const BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/**
 * Whether the last six characters of a GitHub token are the CRC-32 of the preceding thirty, in base 62. If so, GitHub
 * issued the value. If not, it proves nothing, because people shorten and alter leaked tokens. Source:
 * https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/
 */
export function hasGitHubChecksum(token: string): boolean {
  const body = token.slice(token.indexOf("_") + 1);
  if (body.length !== 36) return false;
  let rest = crc32(body.slice(0, 30));
  let digits = "";
  for (; digits.length < 6; rest = Math.floor(rest / 62)) digits = (BASE62[rest % 62] ?? "") + digits;
  return digits === body.slice(30);
}

function crc32(text: string): number {
  let crc = 0xff_ff_ff_ff;
  for (let index = 0; index < text.length; index += 1) {
    crc ^= text.charCodeAt(index);
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xed_b8_83_20 : 0);
  }
  return (crc ^ 0xff_ff_ff_ff) >>> 0;
}
