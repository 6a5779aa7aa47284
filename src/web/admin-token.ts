import type { IncomingMessage } from "node:http";
import { sameSecret } from "../crypto/same-secret.js";

/** The token of `Authorization: Bearer <token>`; empty without one. */
export function bearerOf(authorization: string | null | undefined): string {
  return /^bearer (?<token>.+)$/i.exec(authorization ?? "")?.groups?.["token"] ?? "";
}

/** Whether a request carries the token. Constant time. */
export function carriesToken(request: IncomingMessage, token: string): boolean {
  return sameSecret(bearerOf(request.headers.authorization), token);
}
