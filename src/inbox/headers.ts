import type { IncomingHttpHeaders } from "node:http";
import { cut } from "../text/cut.js";
import { readGuid } from "./guid.js";
import { type Refusal, refusal } from "../http/refusal.js";

/** The headers of a delivery. Only the signature can be proven. */
export interface DeliveryHeaders {
  readonly guid: string;
  readonly event: string;
  readonly contentType: DeliveryContentType;
  /** 64 lower-case hex digits. */
  readonly signature: string;
  /** Null for a chunked body. */
  readonly contentLength: number | null;
  readonly hookId: string | null;
  readonly targetType: string | null;
  readonly targetId: string | null;
  readonly userAgent: string | null;
}

export type DeliveryContentType = "application/json" | "application/x-www-form-urlencoded";

export type ReadHeaders =
  | { readonly ok: true; readonly headers: DeliveryHeaders }
  | { readonly ok: false; readonly refusal: Refusal };

const EVENT = /^[a-z][a-z0-9_]{0,63}$/;
/**
 * The form that GitHub uses. Upper-case hex is refused. Node joins a header that was sent twice, so that is refused
 * too.
 */
const SIGNATURE = /^sha256=([0-9a-f]{64})$/;
const NOTE_LENGTH = 255;

/** Checks a request by its method and headers, before any byte of its body is read. */
export function readHeaders(method: string | undefined, headers: IncomingHttpHeaders, bodyLimit: number): ReadHeaders {
  if (method !== "POST") {
    return { ok: false, refusal: { ...refusal(405, "deliveries are sent with POST"), allow: "POST" } };
  }
  const contentType = contentTypeOf(headers["content-type"]);
  if (contentType === null)
    return no(400, "content-type must be application/json or application/x-www-form-urlencoded");
  const encoding = headers["content-encoding"];
  if (encoding !== undefined && encoding !== "identity") return no(400, "content-encoding is not supported");
  const contentLength = lengthOf(headers["content-length"]);
  if (contentLength === "malformed") return no(400, "content-length is malformed");
  if (contentLength !== null && contentLength > bodyLimit) return no(413, `the body is over ${bodyLimit} bytes`);
  const signature = SIGNATURE.exec(textOf(headers["x-hub-signature-256"]) ?? "")?.[1];
  if (signature === undefined) return no(401, "x-hub-signature-256 is missing or malformed");
  const guid = readGuid(textOf(headers["x-github-delivery"]) ?? "");
  if (guid === null) return no(400, "x-github-delivery is missing or not a GUID");
  const event = textOf(headers["x-github-event"]);
  if (event === null || !EVENT.test(event)) return no(400, "x-github-event is missing or malformed");
  return {
    ok: true,
    headers: {
      guid,
      event,
      contentType,
      signature,
      contentLength,
      hookId: noteOf(headers["x-github-hook-id"]),
      targetType: noteOf(headers["x-github-hook-installation-target-type"]),
      targetId: noteOf(headers["x-github-hook-installation-target-id"]),
      userAgent: noteOf(headers["user-agent"]),
    },
  };
}

function no(status: Refusal["status"], reason: string): ReadHeaders {
  return { ok: false, refusal: refusal(status, reason) };
}

function contentTypeOf(header: string | undefined): DeliveryContentType | null {
  if (header === "application/json") return header;
  const type = header?.split(";", 1)[0]?.trim().toLowerCase();
  return type === "application/json" || type === "application/x-www-form-urlencoded" ? type : null;
}

function lengthOf(header: string | undefined): number | null | "malformed" {
  if (header === undefined) return null;
  return /^\d{1,15}$/.test(header) ? Number(header) : "malformed";
}

function textOf(header: string | string[] | undefined): string | null {
  return typeof header === "string" ? header : null;
}

/** A header that is stored only for people to read. */
function noteOf(header: string | string[] | undefined): string | null {
  return typeof header === "string" ? cut(header, NOTE_LENGTH) : null;
}
