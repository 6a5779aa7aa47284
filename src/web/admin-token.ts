import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** Whether a request carries the operator's token: `Authorization: Bearer <ADMIN_TOKEN>`. Constant time. */
export function carriesToken(request: IncomingMessage, token: string): boolean {
  const given = /^bearer (?<token>.+)$/i.exec(request.headers.authorization ?? "")?.groups?.["token"] ?? "";
  return timingSafeEqual(digest(given), digest(token));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
