import { lineAt, statementsOf, type Statement } from "./sql.js";

/** A dangerous kind of statement. The first capture, if any, is the table. */
export interface Danger {
  readonly test: RegExp;
  /** The part of a statement that makes it harmless. */
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
    effect: "removes a name that running code still uses",
  },
];

/** Functions with the same value for all rows of a statement: PostgreSQL stores it once. */
const STABLE =
  "now|current_\\w+|localtime\\w*|(?:statement|transaction)_timestamp|lower|upper|concat|coalesce|nullif|to_\\w+|make_\\w+|jsonb?_\\w+|array_\\w+|length|abs|round|floor|ceil|date_trunc|timezone|md5|cast|numeric|decimal|varchar|char|int\\d?|text|date";
const ADDS_COLUMN = String.raw`${ALTER}\bADD\s+(?:COLUMN\s+)?(?:IF\s+NOT\s+EXISTS\s+)?(?!CONSTRAINT\b|CHECK\b|UNIQUE\b|PRIMARY\b|FOREIGN\b|EXCLUDE\b|VALUE\b|INDEX\b|KEY\b)${NAME}\s[^;]*?`;

export const LOCKS: readonly Danger[] = [
  {
    test: sql(String.raw`${ADDS_COLUMN}(?:\b(?:BIG|SMALL)?SERIAL\b|\bSTORED\b|\bAS\s+IDENTITY\b)`),
    effect: "rewrites the whole table under a lock",
  },
  {
    test: sql(String.raw`${ADDS_COLUMN}\b(?:UNIQUE|PRIMARY\s+KEY)\b`),
    effect: "builds an index under a lock",
  },
  {
    test: sql(String.raw`${ADDS_COLUMN}\bREFERENCES\b`),
    effect: "locks both tables (a constraint that is NOT VALID, and VALIDATE CONSTRAINT, do not)",
  },
  {
    test: sql(String.raw`\bDROP\s+INDEX\b`),
    unless: /\bCONCURRENTLY\b|\bDROP\s+INDEX\s+\S+\s+ON\b|\bALTER\s+TABLE\b/i,
    effect: "blocks the table until every query on it has ended (CONCURRENTLY does not)",
  },
  {
    test: sql(String.raw`${ALTER}\bDETACH\s+PARTITION\b`),
    unless: /\bCONCURRENTLY\b|\bFINALIZE\b/i,
    effect: "blocks the table until every query on it has ended (CONCURRENTLY does not)",
  },
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
      String.raw`${ALTER}\bADD\s+(?:COLUMN\s+)?[^;]*?\bDEFAULT\s+\(?\s*(?!(?:${STABLE})\b)(?:\w+\.)?[a-z_]\w*\s*\(`,
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
  {
    test: sql(String.raw`\bVACUUM\s+\(?\s*FULL\b(?!\s+(?:FALSE|OFF|0)\b)`),
    effect: "rewrites the whole table under a lock",
  },
  { test: sql(String.raw`^\s*CLUSTER(?:\s+${TABLE}|\s*$)`), effect: "rewrites the whole table under a lock" },
  {
    test: sql(String.raw`\bREINDEX\s+(?!SYSTEM\b|\([^)]*\)\s*SYSTEM\b)`),
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

/** Each statement's first danger. A table created in the same file is empty and unused. */
export function dangersIn(text: string, dangers: readonly Danger[]): readonly Found[] {
  const statements = statementsOf(text);
  const created = new Set(statements.flatMap(createdTable));
  const validated = validatedIn(statements);
  return statements.flatMap((statement) => {
    for (const { test, unless, effect } of dangers) {
      const match = test.exec(statement.text);
      if (!match || unless?.test(statement.text) || (match[1] !== undefined && created.has(bare(match[1])))) continue;
      if (SETS_NOT_NULL.test(match[0]) && validated(match, statement)) continue;
      return [{ line: lineAt(text, statement.offset + wordStart(match)), effect }];
    }
    return [];
  });
}

const VALIDATES = sql(String.raw`${ALTER}\bVALIDATE\s+CONSTRAINT\s+(${NAME})`);
const CHECKS_NOT_NULL = sql(
  String.raw`${ALTER}\bADD\s+CONSTRAINT\s+(${NAME})\s+CHECK\s*\(\s*\(?\s*(${NAME})\s+IS\s+NOT\s+NULL`,
);
/** Whether a constraint of this file, or an earlier one that is validated here, has already checked a column. */
function validatedIn(statements: readonly Statement[]): (set: RegExpExecArray, at: Statement) => boolean {
  const columns = new Map<string, string>();
  const checked: { readonly offset: number; readonly table: string; readonly column: string | undefined }[] = [];
  for (const { text, offset } of statements) {
    const [, , constraint = "", column = ""] = CHECKS_NOT_NULL.exec(text) ?? [];
    if (constraint !== "") columns.set(bare(constraint), bare(column));
    const [, table, name = ""] = VALIDATES.exec(text) ?? [];
    if (table !== undefined) checked.push({ offset, table: bare(table), column: columns.get(bare(name)) });
  }
  return (set, { offset }) => {
    const column = bare(new RegExp(String.raw`(${NAME})\s+SET\s+NOT\s+NULL\s*$`, "i").exec(set[0])?.[1] ?? "");
    return checked.some(
      (check) => check.offset < offset && check.table === bare(set[1] ?? "") && (check.column ?? column) === column,
    );
  };
}

/** After an equivalent constraint was validated, PostgreSQL 12 and later reads no rows again. */
const SETS_NOT_NULL = /\bSET\s+NOT\s+NULL\s*$/i;

/** Statements that fail, or lose their point, between BEGIN and COMMIT. */
export function inTransactions(text: string): readonly Found[] {
  let isOpen = false;
  const notValid = new Set<string>();
  return statementsOf(text).flatMap((statement): readonly Found[] => {
    const at = (effect: string) => [
      { line: lineAt(text, statement.offset + (/^\s*/.exec(statement.text)?.[0].length ?? 0)), effect },
    ];
    if (/^\s*(?:BEGIN|START\s+TRANSACTION)\b/i.test(statement.text)) isOpen = true;
    else if (/^\s*(?:COMMIT|END|ROLLBACK)\b/i.test(statement.text)) {
      isOpen = false;
      notValid.clear();
    } else if (isOpen && /^\s*(?:CREATE|DROP|REINDEX|ALTER)\b[^;]*\bCONCURRENTLY\b/i.test(statement.text))
      return at("fails: CONCURRENTLY cannot run inside a transaction");
    const table = ADDS_NOT_VALID.exec(statement.text)?.[1];
    if (isOpen && table !== undefined) notValid.add(bare(table));
    const validates = VALIDATES.exec(statement.text)?.[1];
    if (validates !== undefined && notValid.has(bare(validates)))
      return at("validates in the transaction that added the constraint, and so holds its lock all the while");
    return [];
  });
}

const ADDS_NOT_VALID = sql(String.raw`${ALTER}\bADD\s+CONSTRAINT\b[^;]*\bNOT\s+VALID\b`);

function createdTable({ text }: Statement): readonly string[] {
  const name = sql(
    String.raw`^\s*CREATE\s+(?:TEMP(?:ORARY)?\s+|UNLOGGED\s+)?TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?${TABLE}`,
  ).exec(text)?.[1];
  return name === undefined ? [] : [bare(name)];
}

/** Without its schema: a migration rarely uses two tables with the same name. */
function bare(name: string): string {
  return (
    name
      .replaceAll(/["`[\]]/g, "")
      .split(".")
      .at(-1) ?? ""
  ).toLowerCase();
}

/** The match of an ALTER TABLE begins at its start; its action is at the end, often lines below. */
function wordStart(match: RegExpExecArray): number {
  const [matched] = match;
  const action =
    /\b(?:DROP|ADD|ALTER|MODIFY|CHANGE|RENAME|SET)\b(?:(?!\b(?:DROP|ADD|ALTER\s+COLUMN|MODIFY|CHANGE|RENAME)\b)[\s\S])*$/i.exec(
      matched,
    );
  const leading = /^\s*/.exec(matched)?.[0].length ?? 0;
  return match.index + (/^\s*ALTER\b/i.test(matched) ? (action?.index ?? leading) : leading);
}
