import { z } from "zod";
import { parseJson } from "../../src/unchecked.js";
import { failed } from "./context.js";

/** The arguments of a field, as graphql coerced them. */
export type Args = { readonly [name: string]: unknown };

export interface Ordered<T> {
  /** What the list is sorted by; ties are settled by `id`. */
  readonly key: (item: T) => number | string;
  readonly id: (item: T) => number;
  readonly descending: boolean;
}

/** A node with its place. Few queries ask for more than the last cursor, so it is made when asked for. */
export class Edge {
  readonly node: unknown;
  readonly #place: readonly [key: number | string, id: number];

  constructor(node: unknown, place: readonly [key: number | string, id: number]) {
    this.node = node;
    this.#place = place;
  }

  get cursor(): string {
    return encode(this.#place);
  }
}

/** One page of a list. */
export class Connection {
  readonly totalCount: number;
  readonly edges: readonly Edge[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;

  constructor(totalCount: number, edges: readonly Edge[], before: boolean, after: boolean) {
    this.totalCount = totalCount;
    this.edges = edges;
    this.hasPreviousPage = before;
    this.hasNextPage = after;
  }
}

const encode = (value: readonly (number | string)[]): string => Buffer.from(JSON.stringify(value)).toString("base64");

function decode(cursor: string): { readonly key: number | string; readonly id: number } {
  try {
    const [key, id] = z
      .tuple([z.union([z.number(), z.string()]), z.number()])
      .parse(parseJson(Buffer.from(cursor, "base64").toString()));
    return { key, id };
  } catch {
    throw failed("INVALID_CURSOR_ARGUMENTS", `\`${cursor}\` does not appear to be a valid cursor.`);
  }
}

const asText = (value: unknown): string | null => (typeof value === "string" ? value : null);
const asNumber = (value: unknown): number | null => (typeof value === "number" ? value : null);

/**
 * The page that `first`/`after` or `last`/`before` ask for. A cursor holds the sort key and the id, so that a page goes
 * on at the right place when the list has changed in between, as at GitHub.
 */
export function connect<T>(
  items: readonly T[],
  args: Args,
  order: Ordered<T>,
  wrap: (item: T) => unknown = (item) => item,
): Connection {
  const sign = order.descending ? -1 : 1;
  const isAfter = (item: T, cursor: string): boolean => {
    const place = decode(cursor);
    const key = order.key(item);
    if (key !== place.key) return (key > place.key ? 1 : -1) * sign > 0;
    return (order.id(item) - place.id) * sign > 0;
  };
  const after = asText(args["after"]);
  const before = asText(args["before"]);
  let start = 0;
  let end = items.length;
  if (after !== null) {
    const found = items.findIndex((item) => isAfter(item, after));
    start = found === -1 ? items.length : found;
  }
  if (before !== null) {
    const place = decode(before);
    const found = items.findIndex(
      (item) => isAfter(item, before) || (order.key(item) === place.key && order.id(item) === place.id),
    );
    end = found === -1 ? items.length : found;
  }
  const first = asNumber(args["first"]);
  const last = asNumber(args["last"]);
  if (first !== null) end = Math.min(end, start + first);
  else if (last !== null) start = Math.max(start, end - last);
  const edges = items
    .slice(start, Math.max(start, end))
    .map((item) => new Edge(wrap(item), [order.key(item), order.id(item)]));
  return new Connection(items.length, edges, start > 0, end < items.length);
}

/** A page of a short list that keeps its own order. */
export function connectAll<T>(items: readonly T[], args: Args, wrap?: (item: T) => unknown): Connection {
  const { after, before, first } = args;
  if (typeof after !== "string" && typeof before !== "string" && typeof first === "number" && items.length <= first) {
    const edges = items.map((item, index) => new Edge(wrap === undefined ? item : wrap(item), [index, 0]));
    return new Connection(items.length, edges, false, false);
  }
  const places = items.map((item, index) => ({ item, index }));
  return connect(places, args, { key: ({ index }) => index, id: () => 0, descending: false }, ({ item }) =>
    wrap === undefined ? item : wrap(item),
  );
}
