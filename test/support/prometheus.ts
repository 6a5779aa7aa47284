import { createRequire } from "node:module";
import { z } from "zod";

const Family = z.object({
  name: z.string(),
  help: z.string(),
  type: z.enum(["COUNTER", "GAUGE", "HISTOGRAM", "SUMMARY", "UNTYPED"]),
});
export type Family = z.infer<typeof Family>;

const parser = z.function({ input: [z.string()], output: z.array(Family) });
const parse = parser.implement((text) => {
  // The package has no types of its own.
  const loaded: unknown = createRequire(import.meta.url)("parse-prometheus-text-format");
  const { default: read } = z.object({ default: z.custom<(text: string) => unknown>() }).parse({ default: loaded });
  return z.array(Family).parse(read(text));
});

/** The families of a page in Prometheus' text format, by a parser that is not ours. */
export function familiesOf(text: string): ReadonlyMap<string, Family> {
  return new Map(parse(text).map((family) => [family.name, family]));
}

const SAMPLE = /^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(?<labels>.*)\})? (?<value>[+-]?(?:[0-9.e+-]+|Inf|nan))$/i;

/**
 * The sum of the series with these labels: values of a counter or gauge, counts of a histogram; 0 when there is none.
 * Read line by line: the parser loses what a histogram's labels are.
 */
export function valueOf(text: string, name: string, labels: Readonly<Record<string, string>> = {}): number {
  const wanted = Object.entries(labels).map(([key, value]) => `${key}="${value}"`);
  const samples = text.split("\n").map((line) => SAMPLE.exec(line)?.groups ?? {});
  return samples
    .filter((sample) => sample["name"] === name || sample["name"] === `${name}_count`)
    .filter((sample) => wanted.every((label) => `,${sample["labels"] ?? ""},`.includes(`,${label},`)))
    .reduce((sum, sample) => sum + Number(sample["value"]), 0);
}

export interface Series {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Every series of a page, once for each line. */
export function seriesOf(text: string): readonly Series[] {
  return text.split("\n").flatMap((line) => {
    const groups = SAMPLE.exec(line)?.groups;
    if (!groups) return [];
    const labels: Record<string, string> = {};
    for (const [, key = "", value = ""] of (groups["labels"] ?? "").matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g))
      labels[key] = value;
    return [{ name: groups["name"] ?? "", labels }];
  });
}

/**
 * What `promtool check metrics` complains about, and what Prometheus would refuse: names, help, units, counters without
 * `_total`, a series that is there twice, a line that is none.
 */
export function complaintsAbout(text: string): readonly string[] {
  const complaints: string[] = [];
  const series = new Set<string>();
  for (const line of text.split("\n")) {
    if (line === "" || line.startsWith("#")) continue;
    const groups = SAMPLE.exec(line)?.groups;
    const id = `${groups?.["name"] ?? ""}{${groups?.["labels"] ?? ""}}`;
    if (!groups) complaints.push(`no sample: ${line}`);
    else if (series.has(id)) complaints.push(`twice: ${id}`);
    else series.add(id);
  }
  for (const { name, help, type } of familiesOf(text).values()) {
    // Names of the process' own metrics are those of the client library, in every Node.js app.
    if (/^(nodejs|process)_/.test(name)) continue;
    if (help === "") complaints.push(`${name}: no help`);
    if (!/^[a-z][a-z0-9_]*$/.test(name)) complaints.push(`${name}: not snake_case`);
    if (type === "COUNTER" && !name.endsWith("_total")) complaints.push(`${name}: a counter ends in _total`);
    if (type !== "COUNTER" && name.endsWith("_total")) complaints.push(`${name}: only a counter ends in _total`);
    if (/_(milliseconds|ms|minutes|hours|kilobytes|percent)(_|$)/.test(name))
      complaints.push(`${name}: not a base unit`);
    if (/_(count|sum|bucket)$/.test(name)) complaints.push(`${name}: ends as a histogram's series do`);
  }
  return complaints;
}
