import type { Child } from "hono/jsx";
import { z } from "zod";
import { type Page, readCursor, type Wanted } from "../../../reports/listing.js";
import type { Answer, PageContext } from "../page.js";
import { live } from "../layout.js";
import { count, Empty, exact } from "./basics.js";
import type { IconName } from "./icon-paths.js";

export interface Column<Row> {
  readonly label: string;
  readonly class?: "num" | "wide" | "nowrap";
  /** The column that orders the list. */
  readonly sorted?: true;
  show(row: Row): Child;
  /** For the CSV; null: an empty cell. */
  csv(row: Row): string | number | null;
}

/** A page of a table has 50 rows, a CSV 10,000. */
const SHOWN = 50;
const EXPORTED = 10_000;
const BATCH = 500;

const Query = z.object({
  cursor: z.string().optional(),
  order: z.enum(["newest", "oldest"]).catch("newest"),
});

/** The position and order of the list in the URL. */
export function wantedOf(url: URL): Wanted {
  const { cursor, order } = Query.parse(Object.fromEntries(url.searchParams));
  return { limit: SHOWN, cursor: cursor === undefined ? null : readCursor(cursor), order };
}

/** A filter's value in the URL; undefined when missing or blank. */
export function given(url: URL, name: string): string | undefined {
  const value = url.searchParams.get(name)?.trim();
  return value === undefined || value === "" ? undefined : value.slice(0, 200);
}

/** A number in the URL; undefined when it is not a number. */
export function givenNumber(url: URL, name: string): number | undefined {
  const value = Number((given(url, name) ?? "").replace(/^#/, ""));
  return Number.isSafeInteger(value) && value > 0 && value < 2 ** 31 ? value : undefined;
}

/** The URL of this list with changed parameters; null removes one. */
export function withQuery(url: URL, changes: Readonly<Record<string, string | null>>): string {
  const query = new URLSearchParams(url.searchParams);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) query.delete(name);
    else query.set(name, value);
  }
  const text = query.toString();
  return text === "" ? url.pathname : `${url.pathname}?${text}`;
}

export interface TableOptions<Row> {
  readonly id: string;
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly topics: readonly string[];
  readonly empty: { readonly icon: IconName; readonly title: string; readonly text: Child };
}

/** A list with its heading, sorting, pages and CSV. */
export function Listing<Row>({
  context,
  page,
  options,
}: {
  context: PageContext;
  page: Page<Row>;
  options: TableOptions<Row>;
}) {
  const { url } = context;
  const isFirst = !url.searchParams.has("cursor");
  return (
    <div {...live(context, options.id, options.topics)}>
      <div class="box">
        {page.rows.length === 0 ? (
          page.searchedTo === null ? (
            <Empty icon={options.empty.icon} title={options.empty.title}>
              {options.empty.text}
            </Empty>
          ) : (
            <Empty icon="search" title="Nothing found yet">
              Each step searches 5,000 rows. Continue with older rows below.
            </Empty>
          )
        ) : (
          <Rows caption={options.caption} columns={options.columns} rows={page.rows} url={url} />
        )}
      </div>
      <div class="pager">
        <span class="muted small">
          {page.searchedTo === null ? counted(page.rows.length) : `Searched back to ${exact(page.searchedTo)}`}
          {page.rows.length > 0 ? (
            <>
              {" · "}
              <a href={withQuery(url, { format: "csv", cursor: null })}>Export CSV</a>
            </>
          ) : null}
        </span>
        <span class="row">
          {isFirst ? null : (
            <a class="btn" href={withQuery(url, { cursor: null })}>
              First page
            </a>
          )}
          {page.next === null ? null : (
            <a class="btn" rel="next" href={withQuery(url, { cursor: page.next })}>
              {page.searchedTo === null ? "Next page" : "Search further back"}
            </a>
          )}
        </span>
      </div>
    </div>
  );
}

function counted(rows: number): string {
  return rows === 0 ? "" : count(rows, "row");
}

/** A table of rows; with a URL its `sorted` column reverses the order. */
export function Rows<Row>({
  caption,
  columns,
  rows,
  url,
}: {
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  url?: URL;
}) {
  const order = url?.searchParams.get("order") === "oldest" ? "oldest" : "newest";
  return (
    <div class="scroll" tabindex={0} role="region" aria-label={caption}>
      <table>
        <caption class="sr">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th scope="col" class={column.class === "num" ? "num" : ""} {...sortOf(column, url, order)}>
                {column.sorted === true && url !== undefined ? (
                  <a href={withQuery(url, { order: order === "newest" ? "oldest" : "newest", cursor: null })}>
                    {column.label} <span aria-hidden="true">{order === "newest" ? "↓" : "↑"}</span>
                  </a>
                ) : (
                  column.label
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr>
              {columns.map((column) => (
                <td class={column.class ?? ""} data-label={column.label}>
                  {column.show(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function sortOf(column: Column<never>, url: URL | undefined, order: "newest" | "oldest") {
  if (column.sorted !== true || url === undefined) return {};
  return { "aria-sort": order === "newest" ? ("descending" as const) : ("ascending" as const) };
}

/** The list as a CSV file if the URL asks for one: every match, up to 10,000 rows. */
export async function exported<Row>(
  context: PageContext,
  { id, columns }: Pick<TableOptions<Row>, "id" | "columns">,
  read: (wanted: Wanted) => Promise<Page<Row>>,
): Promise<Answer | null> {
  if (context.url.searchParams.get("format") !== "csv") return null;
  const lines = [columns.map(({ label }) => label)];
  let wanted: Wanted = { ...wantedOf(context.url), limit: BATCH, cursor: null };
  while (lines.length <= EXPORTED) {
    const page = await read(wanted);
    lines.push(...page.rows.map((row) => columns.map((column) => String(column.csv(row) ?? ""))));
    if (page.next === null) break;
    wanted = { ...wanted, cursor: readCursor(page.next) };
  }
  return {
    filename: `${id}.csv`,
    csv: `${lines
      .slice(0, EXPORTED + 1)
      .map(csvLine)
      .join("\r\n")}\r\n`,
  };
}

/** By RFC 4180. A cell that a spreadsheet would read as a formula begins with an apostrophe. */
export function csvLine(cells: readonly string[]): string {
  return cells
    .map((cell) => (/^[=+\-@\t\r]/.test(cell) && !/^-?[\d.]+$/.test(cell) ? `'${cell}` : cell))
    .map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell))
    .join(",");
}
