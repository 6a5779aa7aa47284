import type { Call } from "../server/call.js";

interface Dated {
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** Filters by `state` and `since`, sorts by `sort` and `direction`, as lists of issues and pull requests do. */
export function select<T extends Dated & { readonly state: "open" | "closed"; readonly comments: readonly unknown[] }>(
  call: Call,
  items: Iterable<T>,
): T[] {
  const state = call.query.get("state") ?? "open";
  const since = call.query.get("since");
  const from = since === null ? 0 : Date.parse(since) / 1000;
  const sort = call.query.get("sort") ?? "created";
  const ascending = call.query.get("direction") === "asc";
  const key = (item: T): number =>
    sort === "updated" ? item.updatedAt : sort === "comments" ? item.comments.length : item.createdAt;
  const found = [...items].filter((item) => (state === "all" || item.state === state) && item.updatedAt >= from);
  return found.sort((a, b) => (ascending ? key(a) - key(b) : key(b) - key(a)));
}

/** Filters comments by `since`. */
export function since<T extends { readonly updatedAt: number }>(call: Call, items: readonly T[]): readonly T[] {
  const value = call.query.get("since");
  return value === null ? items : items.filter((item) => item.updatedAt >= Date.parse(value) / 1000);
}
