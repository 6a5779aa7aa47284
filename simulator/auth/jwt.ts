import { createPublicKey, verify, type KeyObject } from "node:crypto";
import { z } from "zod";
import { parseJson } from "../../src/unchecked.js";

const Header = z.object({ alg: z.literal("RS256") });
const Claims = z.object({ iat: z.number(), exp: z.number(), iss: z.union([z.string(), z.number()]) });

/** Seconds that `exp` may be ahead of now: GitHub takes App JWTs of at most ten minutes. */
const MAX_LIFETIME = 600;
/** Seconds by which `iat` may be ahead of GitHub's clock. */
const DRIFT = 5;

export type JwtVerdict =
  | "ok"
  | "malformed"
  | "bad-signature"
  | "issued-in-future"
  | "expired"
  | "too-long"
  | "wrong-app";

function part<T>(schema: z.ZodType<T>, text: string | undefined): T | null {
  try {
    const parsed = schema.safeParse(parseJson(Buffer.from(text ?? "", "base64url").toString()));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

export function publicKeyOf(privateKey: string): KeyObject {
  return createPublicKey(privateKey);
}

/** Checks an App JWT as GitHub does: RS256, signed by the App's key, neither expired nor valid for too long. */
export function checkJwt(
  token: string,
  app: { readonly key: KeyObject; readonly ids: readonly (string | number)[] },
  now: Date,
): JwtVerdict {
  const [header, claims, signature, ...more] = token.split(".");
  const body = part(Claims, claims);
  if (part(Header, header) === null || body === null || signature === undefined || more.length > 0) return "malformed";
  const signed = Buffer.from(`${header}.${claims}`);
  if (!verify("RSA-SHA256", signed, app.key, Buffer.from(signature, "base64url"))) return "bad-signature";
  const seconds = now.getTime() / 1000;
  if (body.iat > seconds + DRIFT) return "issued-in-future";
  if (body.exp <= seconds) return "expired";
  if (body.exp > seconds + MAX_LIFETIME + DRIFT) return "too-long";
  return app.ids.some((id) => String(id) === String(body.iss)) ? "ok" : "wrong-app";
}

/** What GitHub says in its 401. */
export const JWT_MESSAGES: { readonly [K in JwtVerdict]: string } = {
  ok: "",
  malformed: "A JSON web token could not be decoded",
  "bad-signature": "A JSON web token could not be decoded",
  "issued-in-future":
    "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
  expired:
    "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
  "too-long": "'Expiration time' claim ('exp') is too far in the future",
  "wrong-app": "Integration not found",
};
