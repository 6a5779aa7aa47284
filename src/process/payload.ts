import { InvalidError } from "../errors.js";
import { parseStorable } from "../text/storable.js";

export type Payload = Readonly<Record<string, unknown>>;

/**
 * Parses the payload from the signed bytes. It skips a byte order mark. Invalid UTF-8 becomes U+FFFD, and so do NUL and
 * unpaired surrogates, which PostgreSQL cannot store.
 * @throws InvalidError that describes the problem without quoting the body.
 */
export function parsePayload(contentType: string, bytes: Buffer): Payload {
  const value = parse(payloadText(contentType, bytes));
  if (!isObject(value)) throw new InvalidError("the payload is JSON, but not an object");
  return value;
}

/**
 * The payload's JSON as GitHub wrote it.
 * @throws InvalidError when a form has none.
 */
export function payloadText(contentType: string, bytes: Buffer): string {
  const text = new TextDecoder().decode(bytes);
  return contentType === "application/x-www-form-urlencoded" ? formField(text) : text;
}

function formField(text: string): string {
  const payload = new URLSearchParams(text).get("payload");
  if (payload === null) throw new InvalidError("the form has no field named payload");
  return payload.replace(/^\uFEFF/, "");
}

function parse(json: string): unknown {
  try {
    return parseStorable(json);
  } catch (cause) {
    throw new InvalidError("the payload is not JSON", { cause });
  }
}

function isObject(value: unknown): value is Payload {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
