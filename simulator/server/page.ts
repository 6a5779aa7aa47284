import type { Answer, Schemas } from "./answer.js";
import type { Call } from "./call.js";

const DEFAULT_PER_PAGE = 30;
const MAX_PER_PAGE = 100;

function positive(value: string | null, fallback: number): number {
  const number = Number(value ?? fallback);
  return Number.isInteger(number) && number > 0 ? number : fallback;
}

export function perPageOf(call: Call): number {
  return Math.min(MAX_PER_PAGE, positive(call.query.get("per_page"), DEFAULT_PER_PAGE));
}

/** A link to the same list with other parameters. */
export function linkTo(call: Call, changes: { readonly [name: string]: string | number }): string {
  const query = new URLSearchParams(call.query);
  for (const [name, value] of Object.entries(changes)) query.set(name, String(value));
  return `${call.origin}${call.path}?${query.toString()}`;
}

export function linkHeader(links: { readonly [rel: string]: string }): { readonly [name: string]: string } {
  const parts = Object.entries(links).map(([rel, url]) => `<${url}>; rel="${rel}"`);
  return parts.length === 0 ? {} : { link: parts.join(", ") };
}

/** One page of a list, by `page` and `per_page`, with GitHub's Link header. Only the page's items are rendered. */
export function page<K extends keyof Schemas, T>(
  call: Call,
  _schema: K,
  items: readonly T[],
  render: (item: T) => Schemas[K],
  wrap: (rendered: Schemas[K][], total: number) => unknown = (rendered) => rendered,
): Answer {
  const size = perPageOf(call);
  const number = positive(call.query.get("page"), 1);
  const last = Math.max(1, Math.ceil(items.length / size));
  const links: { [rel: string]: string } = {};
  if (number > 1) {
    links["prev"] = linkTo(call, { page: number - 1 });
    links["first"] = linkTo(call, { page: 1 });
  }
  if (number < last) {
    links["next"] = linkTo(call, { page: number + 1 });
    links["last"] = linkTo(call, { page: last });
  }
  const rendered = items.slice((number - 1) * size, number * size).map(render);
  return { status: 200, headers: linkHeader(links), body: wrap(rendered, items.length) };
}
