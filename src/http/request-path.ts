import type { IncomingMessage } from "node:http";

/** The requested path, by its text: scanners send targets such as `//`, which are not URLs and must not throw. */
export function pathOf({ url }: Pick<IncomingMessage, "url">): string {
  return url?.split("?", 1)[0] ?? "";
}

/**
 * The target in origin form, which handlers expect. A proxy may send `GET http://host/path`, which RFC 9112 (3.2.2)
 * requires to accept. Null for a target that is neither a path nor `*`.
 */
export function originForm(target: string): string | null {
  const rest = target.replace(/^https?:\/\/[^/?#]*/i, "");
  if (rest !== target && (rest === "" || rest.startsWith("?"))) return `/${rest}`;
  return rest.startsWith("/") || rest === "*" ? rest : null;
}
