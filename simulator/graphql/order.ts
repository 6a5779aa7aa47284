import { trusted } from "../control/trusted.js";
import type { Repository } from "../organisation/repository.js";
import type { Args, Ordered } from "./connection.js";

interface Dated {
  readonly id: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface OrderBy {
  readonly field: string;
  readonly descending: boolean;
}

function property(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}

/** The `orderBy` argument. */
export function orderByOf(args: Args, fallback: OrderBy): OrderBy {
  const field = property(args["orderBy"], "field");
  const direction = property(args["orderBy"], "direction");
  return {
    field: typeof field === "string" ? field : fallback.field,
    descending: typeof direction === "string" ? direction === "DESC" : fallback.descending,
  };
}

/** Sorts what has dates by CREATED_AT or UPDATED_AT. */
export function dated<T extends Dated>({ field, descending }: OrderBy): Ordered<T> {
  return {
    key: (item) => (field === "UPDATED_AT" ? item.updatedAt : item.createdAt),
    id: (item) => item.id,
    descending,
  };
}

export function sorted<T>(items: Iterable<T>, order: Ordered<T>): T[] {
  const sign = order.descending ? -1 : 1;
  return [...items].sort((a, b) => {
    const [left, right] = [order.key(a), order.key(b)];
    if (left !== right) return left < right ? -sign : sign;
    return (order.id(a) - order.id(b)) * sign;
  });
}

const kept = new WeakMap<Repository, Map<string, { readonly revision: number; readonly list: unknown[] }>>();

/** The list under that name, made again only when something in the repository has changed. */
export function keptList<T extends object>(repository: Repository, name: string, make: () => T[]): T[] {
  const lists = kept.get(repository) ?? new Map<string, { revision: number; list: unknown[] }>();
  kept.set(repository, lists);
  const known = lists.get(name);
  if (known?.revision === repository.revision) return trusted<T[]>(known.list);
  const list = make();
  lists.set(name, { revision: repository.revision, list });
  return list;
}
