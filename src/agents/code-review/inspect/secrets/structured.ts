import { isLikely } from "./likely.js";

/** A secret in a text, by its offsets. */
export interface Place {
  readonly kind: string;
  readonly start: number;
  readonly end: number;
}

const BEGIN = /-----BEGIN ([A-Z0-9 ]{0,40})PRIVATE KEY( BLOCK)?-----/g;
const END = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;
/** The longest key, in characters: RSA of 16,384 bits has 13,000. */
const LONGEST_KEY = 20_000;
/** The shortest key in base64 characters: Ed25519 in PKCS #8 has 64, a bare P-256 key 44. */
const SHORTEST_KEY = 40;

/**
 * Private keys in PEM of every kind, also indented or inside a string with `\n`; certificates and public keys do not
 * count.
 */
export function privateKeys(text: string): readonly Place[] {
  if (!text.includes("PRIVATE KEY")) return [];
  return [...text.matchAll(BEGIN)].flatMap((begin) => {
    const bodyStart = begin.index + begin[0].length;
    const rest = text.slice(bodyStart, bodyStart + LONGEST_KEY);
    END.lastIndex = 0;
    const end = END.exec(rest)?.index ?? rest.length;
    const kind = begin[1] ?? "";
    if (!isKey(bodyOf(rest.slice(0, end)), kind)) return [];
    return [
      {
        kind: `${kind}private key`.replace(/^./, (first) => first.toUpperCase()),
        start: begin.index,
        end: bodyStart + end,
      },
    ];
  });
}

/** The base64 of a key, without line ends in any notation, quotes, concatenation signs, indentation and headers. */
function bodyOf(text: string): string {
  const lines = text.replaceAll(/\\r|\\n|\\\n/g, "\n").split("\n");
  const bare = lines.filter((line) => !/^\s*["'+]*\s*[\w-]{3,30}:/.test(line));
  const joined = bare.join("").replaceAll(/[\s"'`+;,\\]|\/\/|#/g, "");
  return /^[\w/=-]*/.exec(joined)?.[0] ?? "";
}

/** DER begins with a sequence, OpenSSH's own format with its name; OpenPGP has no fixed beginning. */
function isKey(body: string, kind: string): boolean {
  if (body.length < SHORTEST_KEY || !isLikely(body, 3)) return false;
  if (kind.startsWith("OPENSSH")) return body.startsWith("b3BlbnNzaC1rZXktdjE");
  if (kind.startsWith("PGP") || kind.startsWith("SSH2") || kind.startsWith("ENCRYPTED")) return true;
  return body.startsWith("M") || kind !== "";
}

const JWT = /\bey[A-Za-z0-9_-]{15,4000}\.ey[A-Za-z0-9_-]{15,4000}\.[A-Za-z0-9_-]{20,1000}/g;

/** Signed JSON web tokens whose header and claims are JSON. A token for a made-up subject is an example. */
export function webTokens(text: string): readonly Place[] {
  if (!text.includes(".ey")) return [];
  return [...text.matchAll(JWT)].flatMap((match) => {
    const [header, claims] = match[0].split(".", 2).map(decoded);
    if (!header?.includes('"alg"') || !claims?.startsWith("{")) return [];
    if (/"(?:sub|name)"\s*:\s*"(?:1234567890|John Doe|test|user)"/i.test(claims) || !isLikely(match[0])) return [];
    return [{ kind: "JSON web token", start: match.index, end: match.index + match[0].length }];
  });
}

function decoded(part: string): string {
  return Buffer.from(part, "base64url").toString("utf8");
}
