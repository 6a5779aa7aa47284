import type { Access } from "../organisation/installation.js";
import type { Answer } from "./answer.js";
import type { Call } from "./call.js";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** Who may call: the App with its JWT, an installation or a user with a token, or anybody. */
export type Audience = "app" | "token" | "user" | "anyone";

export interface Route {
  readonly method: Method;
  /** Segments; `:name` takes one, `*name` the rest. */
  readonly pattern: string;
  readonly audience: Audience;
  /** The permissions of which an installation needs one. */
  readonly permissions?: readonly (readonly [name: string, access: Access])[];
  /** Whether a call makes content that people see, counted by the secondary limit. */
  readonly content?: boolean;
  /** Not counted against any limit. */
  readonly free?: boolean;
  readonly handle: (call: Call) => Answer;
}

interface Compiled {
  readonly route: Route;
  readonly segments: readonly string[];
}

export interface Match {
  readonly route: Route;
  readonly params: { readonly [name: string]: string };
}

function fit(compiled: Compiled, path: readonly string[]): Match | null {
  const params: { [name: string]: string } = {};
  for (const [index, segment] of compiled.segments.entries()) {
    if (segment.startsWith("*")) {
      params[segment.slice(1)] = path.slice(index).map(decodeURIComponent).join("/");
      return { route: compiled.route, params };
    }
    const actual = path[index];
    if (actual === undefined) return null;
    if (segment.startsWith(":")) params[segment.slice(1)] = decodeURIComponent(actual);
    else if (segment !== actual) return null;
  }
  return path.length === compiled.segments.length ? { route: compiled.route, params } : null;
}

/** Finds the first route of the list that fits. */
export function router(routes: readonly Route[]): (method: string, path: string) => Match | null {
  const compiled = new Map<string, Compiled[]>();
  for (const route of routes) {
    const list = compiled.get(route.method) ?? [];
    list.push({ route, segments: route.pattern.split("/").slice(1) });
    compiled.set(route.method, list);
  }
  return (method, path) => {
    const parts = path.split("/").slice(1);
    for (const each of compiled.get(method === "HEAD" ? "GET" : method) ?? []) {
      const match = fit(each, parts);
      if (match !== null) return match;
    }
    return null;
  };
}

export function isWrite(method: string): boolean {
  return method !== "GET" && method !== "HEAD" && method !== "OPTIONS";
}
