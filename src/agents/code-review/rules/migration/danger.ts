import { lineAt, statementsOf, type Statement } from "./sql.js";

/** A kind of statement to warn about. The first capture, where there is one, is the table. */
export interface Danger {
  readonly test: RegExp;
  /** Part of the statement that makes it harmless. */
  readonly unless?: RegExp;
  readonly effect: string;
}

const NAME = String.raw`(?:"[^"]+"|${"`"}[^${"`"}]+${"`"}|\[[^\]]+\]|\w+)`;
const TABLE = String.raw`((?:${NAME}\.)?${NAME})`;
const ALTER = String.raw`\bALTER\s+TABLE\s+(?:IF\s+EXISTS\s+)?(?:ONLY\s+)?${TABLE}\s[^;]*?`;

function sql(pattern: string): RegExp {
  return new RegExp(pattern, "i");
}

export const DROPS: readonly Danger[] = [
  { test: sql(String.raw`\bDROP\s+TABLE\s+(?:IF\s+EXISTS\s+)?${TABLE}`), effect: "drops a table" },
  {
    test: sql(
      String.raw`${ALTER}\bDROP\s+(?:COLUMN\b|(?!CONSTRAINT|INDEX|KEY|PRIMARY|FOREIGN|CHECK|DEFAULT|NOT|EXPRESSION|IDENTITY|PARTITION|TRIGGER)${NAME})`,
    ),
    effect: "drops a column",
  },
  {
    test: sql(String.raw`\bDROP\s+(?:SCHEMA|DATABASE)\s+(?:IF\s+EXISTS\s+)?${TABLE}`),
    effect: "drops everything in it",
  },
  { test: sql(String.raw`\bTRUNCATE\s+(?:TABLE\s+)?(?:ONLY\s+)?${TABLE}`), effect: "removes all rows" },
  { test: sql(String.raw`\bDELETE\s+FROM\s+${TABLE}\s*$`), effect: "removes all rows" },
  {
    test: sql(String.raw`${ALTER}\bRENAME\s+(?!CONSTRAINT|INDEX|KEY|VALUE)`),
    effect: "takes away a name that running code still uses",
  },
];

export const LOCKS: readonly Danger[] = [
  {
    test: sql(String.raw`\bCREATE\s+(?:UNIQUE\s+)?INDEX\s+[^;]*?\bON\s+(?:ONLY\s+)?${TABLE}`),
    unless: /\bCONCURRENTLY\b|\bALGORITHM\s*=?\s*INPLACE\b/i,
    effect: "blocks writes while the index is built (CONCURRENTLY does not)",
  },
  {
    test: sql(String.raw`${ALTER}\bADD\s+(?:COLUMN\s+)?[^;,]*\bNOT\s+NULL\b`),
    unless: /\bDEFAULT\b|\bGENERATED\b|\bADD\s+CONSTRAINT\b|\bSERIAL\b/i,
    effect: "fails on a table that has rows",
  },
  {
    test: sql(
      String.raw`${ALTER}\bADD\s+(?:COLUMN\s+)?[^;,]*\bDEFAULT\s+\(?(?:gen_random_uuid|uuid_generate_v\d|random|clock_timestamp|nextval)\b`,
    ),
    effect: "rewrites the whole table under a lock",
  },
  {
    test: sql(
      String.raw`${ALTER}\b(?:ALTER\s+(?:COLUMN\s+)?${NAME}\s+(?:SET\s+DATA\s+)?TYPE\b|MODIFY\s+(?:COLUMN\s+)?${NAME}|CHANGE\s+(?:COLUMN\s+)?${NAME})`,
    ),
    effect: "can rewrite the whole table under a lock",
  },
  { test: sql(String.raw`${ALTER}\bSET\s+NOT\s+NULL\b`), effect: "reads the whole table under a lock" },
  {
    test: sql(String.raw`${ALTER}\bADD\s+(?:CONSTRAINT\s+${NAME}\s+)?(?:FOREIGN\s+KEY|CHECK)\b`),
    unless: /\bNOT\s+VALID\b/i,
    effect: "checks all rows under a lock (NOT VALID and VALIDATE CONSTRAINT do not)",
  },
  {
    test: sql(String.raw`${ALTER}\bADD\s+(?:CONSTRAINT\s+${NAME}\s+)?(?:UNIQUE|PRIMARY\s+KEY)\b`),
    unless: /\bUSING\s+INDEX\b/i,
    effect: "builds an index under a lock",
  },
  { test: sql(String.raw`\bLOCK\s+TABLES?\s+(?:ONLY\s+)?${TABLE}`), effect: "locks a table" },
  { test: sql(String.raw`\bVACUUM\s+(?:\(?\s*FULL\b)`), effect: "rewrites the whole table under a lock" },
  { test: sql(String.raw`^\s*CLUSTER\s+${TABLE}`), effect: "rewrites the whole table under a lock" },
  {
    test: sql(String.raw`\bREINDEX\s+`),
    unless: /\bCONCURRENTLY\b/i,
    effect: "blocks writes while the index is built (CONCURRENTLY does not)",
  },
  {
    test: sql(String.raw`\bREFRESH\s+MATERIALIZED\s+VIEW\s+${TABLE}`),
    unless: /\bCONCURRENTLY\b/i,
    effect: "blocks reads of the view (CONCURRENTLY does not)",
  },
];

export interface Found {
  readonly line: number;
  readonly effect: string;
}

/** Each statement's first danger. A table that the same file creates holds nothing and is used by nobody. */
export function dangersIn(text: string, dangers: readonly Danger[]): readonly Found[] {
  const statements = statementsOf(text);
  const created = new Set(statements.flatMap(createdTable));
  return statements.flatMap((statement) => {
    for (const { test, unless, effect } of dangers) {
      const match = test.exec(statement.text);
      if (!match || unless?.test(statement.text) || (match[1] !== undefined && created.has(bare(match[1])))) continue;
      return [{ line: lineAt(text, statement.offset + wordStart(match)), effect }];
    }
    return [];
  });
}

function createdTable({ text }: Statement): readonly string[] {
  const name = sql(
    String.raw`^\s*CREATE\s+(?:TEMP(?:ORARY)?\s+|UNLOGGED\s+)?TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?${TABLE}`,
  ).exec(text)?.[1];
  return name === undefined ? [] : [bare(name)];
}

function bare(name: string): string {
  return name.replaceAll(/["`[\]]/g, "").toLowerCase();
}

/** An ALTER TABLE is found from its start; what it does is at the end of the match, often lines below. */
function wordStart(match: RegExpExecArray): number {
  const [matched] = match;
  const action =
    /\b(?:DROP|ADD|ALTER|MODIFY|CHANGE|RENAME|SET)\b(?:(?!\b(?:DROP|ADD|ALTER\s+COLUMN|MODIFY|CHANGE|RENAME)\b)[\s\S])*$/i.exec(
      matched,
    );
  const leading = /^\s*/.exec(matched)?.[0].length ?? 0;
  return match.index + (/^\s*ALTER\b/i.test(matched) ? (action?.index ?? leading) : leading);
}
