import { say } from "../../../text/say.js";
import { isTest } from "../file-role.js";
import { SCRIPT } from "../languages.js";
import { structureRule } from "./structure-rule.js";

const VERBS = "(select\\b.*\\bfrom|insert\\s+into|update\\b.*\\bset|delete\\s+from|merge\\s+into)\\b";
const QUERY = { regex: `(?is)^[rbf]*["'\`]+\\s*${VERBS}` };

/**
 * Where a value stands in SQL: after a comparison, in quotes, in a list. Names of tables and columns cannot be parameters,
 * constants in capitals are the program's own, and a list of placeholders is how parameters are passed.
 */
const PLACE = "(=|<|>|'|\\blike|\\blimit|\\boffset|\\bin\\s*\\(|\\bvalues\\s*\\()\\s*['%(]*";
const PLACEHOLDERS = { not: { regex: "(?i)placeholder|=>\\s*[\"'`](\\?|\\$)" } };
const IN_TEMPLATE = { regex: `(?is)${PLACE}\\$\\{(?-i:[^}]*[a-z])` };
const IN_F_STRING = { regex: `(?is)${PLACE}\\{(?-i:[^{}]*[a-z])` };
const IN_SUM = { regex: `(?is)${PLACE}["'\`]+\\s*\\+` };
const IN_FORMAT = { regex: `(?is)${PLACE}%[svdq]` };
const IN_BRACES = { regex: `(?is)${PLACE}\\{\\w*\\}` };

/** Something that is no literal, however deep in a sum of texts. */
const VALUE = { has: { kind: "identifier", stopBy: "end" } } as const;
const SCRIPT_VALUE = { any: [VALUE, { has: { kind: "this", stopBy: "end" as const } }] };

function argumentOf(list: string, call: string, names: string) {
  return { kind: list, inside: { kind: call, has: { field: "function", regex: `(^|\\.)(${names})$` } } };
}

const SCRIPT_CALL = argumentOf(
  "arguments",
  "call_expression",
  "query|execute|exec|raw|run|all|get|prepare|\\$queryRawUnsafe|\\$executeRawUnsafe",
);
const PYTHON_CALL = argumentOf(
  "argument_list",
  "call",
  "execute|executemany|executescript|raw|text|read_sql|read_sql_query|fetch|fetchrow|fetchval",
);
const GO_CALL = argumentOf(
  "argument_list",
  "call_expression",
  "Query|QueryRow|Exec|QueryContext|QueryRowContext|ExecContext|Raw|Select|Get|Queryx|MustExec|Prepare",
);

/** Values put into the text of a query. Tagged templates (`sql`…``) pass them apart, and so does a placeholder. */
export const sqlInjection = structureRule({
  id: "sql-injection",
  severity: "failure",
  why: "A value in the text of a query can end the query and begin another one: pass it as a parameter.",
  says: say`This query is put together from values.`,
  concerns: (path) => !isTest(path),
  queries: [
    {
      languages: SCRIPT,
      rule: { kind: "template_string", all: [QUERY, IN_TEMPLATE, PLACEHOLDERS], inside: SCRIPT_CALL },
    },
    { languages: SCRIPT, rule: { kind: "binary_expression", all: [QUERY, IN_SUM, SCRIPT_VALUE], inside: SCRIPT_CALL } },
    {
      languages: ["python"],
      rule: { kind: "string", all: [QUERY, IN_F_STRING, { has: { kind: "interpolation" } }], inside: PYTHON_CALL },
    },
    {
      languages: ["python"],
      rule: { kind: "binary_operator", all: [QUERY, { any: [IN_SUM, IN_FORMAT] }, VALUE], inside: PYTHON_CALL },
    },
    {
      languages: ["python"],
      rule: {
        kind: "call",
        all: [QUERY, IN_BRACES, { has: { field: "function", regex: "(?s)[\"']\\.format$" } }],
        inside: PYTHON_CALL,
      },
    },
    {
      languages: ["go"],
      rule: {
        kind: "call_expression",
        all: [
          { has: { field: "function", regex: "^fmt\\.Sprintf$" } },
          { has: { field: "arguments", has: { nthChild: 1, all: [QUERY, IN_FORMAT] } } },
        ],
        inside: GO_CALL,
      },
    },
    { languages: ["go"], rule: { kind: "binary_expression", all: [QUERY, IN_SUM, VALUE], inside: GO_CALL } },
  ],
});
