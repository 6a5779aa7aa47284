import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { AppError } from "../errors.js";

/**
 * The location of a secret. It is authenticated with the secret, so a ciphertext copied to another row does not
 * decrypt.
 */
export interface SecretLocation {
  readonly table: string;
  readonly column: string;
  /** The row's key. */
  readonly row: string;
}

/** Encrypts with the first key of ENCRYPTION_KEYS and decrypts with any of them. */
export interface KeyRing {
  encrypt(secret: string, place: SecretLocation): string;
  /** @throws UnreadableSecretError when the key is missing, or the text was changed or belongs to another location. */
  decrypt(stored: string, place: SecretLocation): string;
  /** Whether the text was encrypted with the first key. */
  isCurrent(stored: string): boolean;
  /** The prefix of every text of the first key, for a search in SQL. */
  readonly currentPrefix: string;
}

/** A stored secret cannot be decrypted. The message names its location and never the secret. */
export class UnreadableSecretError extends AppError {
  override readonly name = "UnreadableSecretError";
  constructor(
    readonly reason: "malformed" | "missing-key" | "refused",
    place: SecretLocation,
    detail: string,
  ) {
    super("invalid", `${place.table}.${place.column} of row ${place.row} cannot be decrypted: ${detail}`);
  }
}

const FORMAT = "v1";
const IV_BYTES = 12;
const TAG_BYTES = 16;
const CIPHER = "aes-256-gcm";

/** @param keys `id:base64 of 32 bytes`, checked by `config`; at least one. */
export function createKeyRing(keys: readonly string[]): KeyRing {
  const ring = new Map(keys.map(keyOf));
  const [first] = ring.keys();
  if (first === undefined) throw new RangeError("a key ring needs at least one key");
  const currentPrefix = `${FORMAT}.${first}.`;
  return {
    currentPrefix,
    isCurrent: (stored) => stored.startsWith(currentPrefix),
    encrypt(secret, place) {
      const iv = randomBytes(IV_BYTES);
      return `${currentPrefix}${seal(keyNamed(ring, first, place), iv, secret, boundTo(first, place)).toString("base64url")}`;
    },
    decrypt(stored, place) {
      const [, id, text] = /^v1\.([\w-]+)\.([\w-]+)$/.exec(stored) ?? [];
      if (id === undefined || text === undefined)
        throw new UnreadableSecretError("malformed", place, `it does not have the form ${FORMAT}.<key>.<text>`);
      return open(keyNamed(ring, id, place), text, boundTo(id, place), place);
    },
  };
}

/**
 * One sealed text with a given IV; exported for NIST's test vectors.
 * @returns IV, tag and ciphertext.
 */
export function seal(key: Buffer, iv: Buffer, secret: string | Buffer, additional: Buffer): Buffer {
  const cipher = createCipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES }).setAAD(additional);
  const text = Buffer.concat([cipher.update(Buffer.from(secret)), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), text]);
}

function open(key: Buffer, text: string, additional: Buffer, place: SecretLocation): string {
  const bytes = Buffer.from(text, "base64url");
  // base64url ignores stray low bits; two texts must not decode to the same bytes.
  if (bytes.length < IV_BYTES + TAG_BYTES || bytes.toString("base64url") !== text)
    throw new UnreadableSecretError("malformed", place, "it was cut short or changed");
  const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES })
    .setAAD(additional)
    .setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  const start = decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES));
  try {
    return Buffer.concat([start, decipher.final()]).toString();
  } catch {
    throw new UnreadableSecretError("refused", place, "it was changed, moved here, or encrypted with another key");
  }
}

function keyOf(entry: string): readonly [id: string, key: Buffer] {
  const [id = "", key = ""] = entry.split(/:(.*)/s);
  return [id, Buffer.from(key, "base64")];
}

function keyNamed(ring: ReadonlyMap<string, Buffer>, id: string, place: SecretLocation): Buffer {
  const key = ring.get(id);
  if (!key) throw new UnreadableSecretError("missing-key", place, `the key ${id} is not in ENCRYPTION_KEYS. Add it`);
  return key;
}

/** JSON separates the parts: two locations never give the same bytes. */
function boundTo(id: string, { table, column, row }: SecretLocation): Buffer {
  return Buffer.from(JSON.stringify([FORMAT, id, table, column, row]));
}
