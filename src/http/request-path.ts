import type { IncomingMessage } from "node:http";

/** The path that a request asks for, by its text: what scanners send, such as `//`, is no URL and must not throw. */
export function pathOf({ url }: Pick<IncomingMessage, "url">): string {
  return url?.split("?", 1)[0] ?? "";
}

/**
 * The target in origin form, which is all that handlers know: a proxy may send `GET http://host/path`, which RFC 9112
 * (3.2.2) wants taken. Null for what is neither a path nor `*`.
 */
export function originForm(target: string): string | null {
  const rest = target.replace(/^https?:\/\/[^/?#]*/i, "");
  if (rest !== target && (rest === "" || rest.startsWith("?"))) return `/${rest}`;
  return rest.startsWith("/") || rest === "*" ? rest : null;
}
