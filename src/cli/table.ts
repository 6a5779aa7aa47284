import { stripVTControlCharacters } from "node:util";
import Table from "cli-table3";

export interface TableOptions {
  /** Width of the terminal; undefined: the output is not a terminal, and lines may have any length. */
  readonly columns: number | undefined;
  /** Indexes of numeric columns. */
  readonly right?: readonly number[];
  /** Indexes of optional columns; the first is dropped first. */
  readonly optional?: readonly number[];
  readonly compact?: boolean;
}

/** A border and a space on each side of a cell, and one border more at the end. */
const CELL = 3;
const EDGE = 1;
/** The minimum width of a wrapped text column. */
const NARROWEST = 24;

/** A table that fits the terminal: optional columns are dropped first, then the widest column is wrapped. */
export function renderTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  { columns, right = [], optional = [], compact = false }: TableOptions,
): string {
  const widths = head.map((title, index) => Math.max(...[title, ...rows.map((row) => row[index] ?? "")].map(widthOf)));
  const shown = new Set(head.keys());
  const total = (): number => [...shown].reduce((sum, index) => sum + (widths[index] ?? 0) + CELL, EDGE);
  const limit = columns ?? Number.POSITIVE_INFINITY;
  for (const index of optional) if (total() > limit) shown.delete(index);
  const kept = [...shown];
  const widest = kept.reduce(
    (best, index) => ((widths[index] ?? 0) > (widths[best] ?? 0) ? index : best),
    kept[0] ?? 0,
  );
  const over = total() - limit;
  const wrapped = over > 0 ? Math.max(NARROWEST, (widths[widest] ?? 0) - over) : null;
  if (wrapped !== null && total() - (widths[widest] ?? 0) + wrapped > limit) return asList(head, rows);
  const table = new Table({
    head: kept.map((index) => head[index] ?? ""),
    colWidths: kept.map((index) => (index === widest && wrapped !== null ? wrapped + 2 : null)),
    colAligns: kept.map((index) => (right.includes(index) ? "right" : "left")),
    wordWrap: true,
    style: { head: [], border: [], compact },
  });
  for (const row of rows) table.push(kept.map((index) => row[index] ?? ""));
  return table.toString();
}

/** For a terminal too narrow for any table: a paragraph for each row. */
function asList(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = rows.map((row) =>
    row.flatMap((cell, index) => (cell === "" ? [] : [head[index] ? `${head[index]}: ${cell}` : cell])).join("\n"),
  );
  return lines.join("\n\n");
}

function widthOf(text: string): number {
  return Math.max(
    ...stripVTControlCharacters(text)
      .split("\n")
      .map((line) => line.length),
  );
}
