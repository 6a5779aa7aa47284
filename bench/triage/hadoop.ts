import { readFileSync } from "node:fs";

export interface Report {
  readonly id: number;
  readonly title: string;
  readonly body: string;
  readonly resolution: string;
}

export interface Hadoop {
  /** The oldest first. */
  readonly reports: readonly Report[];
  /** Pairs of ids: a report and one that says the same. */
  readonly pairs: readonly (readonly [number, number])[];
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

export function readHadoop(folder: string): Hadoop {
  const rows = csv(readFileSync(`${folder}/hadoop.csv`, "utf8")).slice(1);
  const dated = rows.map(([id = "", created = "", title = "", body = "", resolution = ""]) => ({
    at: timeOf(created),
    report: { id: Number(id), title, body, resolution },
  }));
  dated.sort((a, b) => a.at - b.at || a.report.id - b.report.id);
  const pairs = csv(readFileSync(`${folder}/hadoop-duplicates.csv`, "utf8")).slice(1);
  return {
    reports: dated.map(({ report }) => report),
    pairs: pairs.map(([id, other]) => [Number(id), Number(other)] as const),
  };
}

/** `30/Sep/21 17:20`. */
function timeOf(text: string): number {
  const [, day, month = "", year, hour, minute] = /^(\d+)\/(\w{3})\/(\d{2}) (\d+):(\d+)/.exec(text) ?? [];
  return Date.UTC(2000 + Number(year), MONTHS.indexOf(month), Number(day), Number(hour), Number(minute));
}

/** Rows of RFC 4180. */
function csv(text: string): readonly (readonly string[])[] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, plain = "", end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n\r]*))(,|\r?\n|$)/g)) {
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === ",") continue;
    if (row.length > 1) rows.push(row);
    row = [];
  }
  return rows;
}
