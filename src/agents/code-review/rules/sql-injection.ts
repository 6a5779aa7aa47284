import { say } from "../../text/say.js";
import { isTest } from "../file-role.js";
import { SCRIPT } from "../languages.js";
import { structureRule } from "./structure-rule.js";

const VERB =
  "(?is)^[rbf]*[\"'`]+\\s*(select\\b.*\\bfrom|insert\\s+into|update\\b.*\\bset|delete\\s+from|merge\\s+into)\\b";

/** Something that is no literal, however deep in a sum of texts. */
const VALUE = { kind: "identifier", stopBy: "end" } as const;

/** Values put into the text of a query. Tagged templates (`sql`…``) pass them apart, and so does a placeholder. */
export const sqlInjection = structureRule({
  id: "sql-injection",
  severity: "failure",
  why: "A value in the text of a query can end the query and begin another one: pass it as a parameter.",
  says: say`This query is put together from values.`,
  applies: ({ path }) => !isTest(path),
  queries: [
    {
      languages: SCRIPT,
      rule: {
        kind: "template_string",
        all: [{ regex: VERB }, { has: { kind: "template_substitution" } }],
        inside: {
          kind: "arguments",
          inside: {
            kind: "call_expression",
            has: {
              field: "function",
              regex: "\\.(query|execute|exec|raw|run|all|get|prepare|\\$queryRawUnsafe|\\$executeRawUnsafe)$",
            },
          },
        },
      },
    },
    {
      languages: SCRIPT,
      rule: {
        kind: "binary_expression",
        all: [
          {
            has: {
              field: "left",
              any: [{ kind: "string" }, { kind: "template_string" }, { kind: "binary_expression" }],
            },
          },
          { regex: VERB },
          { has: { field: "operator", regex: "^\\+$" } },
          { has: { stopBy: "end", any: [{ kind: "identifier" }, { kind: "this" }] } },
        ],
        inside: {
          kind: "arguments",
          inside: {
            kind: "call_expression",
            has: { field: "function", regex: "\\.(query|execute|exec|raw|run|all|get|prepare)$" },
          },
        },
      },
    },
    {
      languages: ["python"],
      rule: {
        kind: "string",
        all: [{ regex: VERB }, { has: { kind: "interpolation" } }],
        inside: {
          kind: "argument_list",
          inside: {
            kind: "call",
            has: {
              field: "function",
              regex:
                "(^|\\.)(execute|executemany|executescript|raw|text|read_sql|read_sql_query|fetch|fetchrow|fetchval)$",
            },
          },
        },
      },
    },
    {
      languages: ["python"],
      rule: {
        any: [
          {
            kind: "binary_operator",
            all: [{ regex: VERB }, { has: { field: "operator", regex: "^[+%]$" } }, { has: VALUE }],
          },
          { kind: "call", all: [{ regex: VERB }, { has: { field: "function", regex: "(?s)[\"']\\.format$" } }] },
        ],
        inside: {
          kind: "argument_list",
          inside: {
            kind: "call",
            has: {
              field: "function",
              regex: "(^|\\.)(execute|executemany|executescript|raw|text|read_sql|read_sql_query)$",
            },
          },
        },
      },
    },
    {
      languages: ["go"],
      rule: {
        any: [
          {
            kind: "call_expression",
            all: [
              { has: { field: "function", regex: "^fmt\\.Sprintf$" } },
              {
                has: {
                  field: "arguments",
                  has: {
                    nthChild: 1,
                    regex:
                      '(?is)^["`]\\s*(select\\b.*\\bfrom|insert\\s+into|update\\b.*\\bset|delete\\s+from)\\b.*%[svdq]',
                  },
                },
              },
            ],
          },
          {
            kind: "binary_expression",
            all: [{ regex: VERB }, { has: VALUE }],
          },
        ],
        inside: {
          kind: "argument_list",
          inside: {
            kind: "call_expression",
            has: {
              field: "function",
              regex:
                "\\.(Query|QueryRow|Exec|QueryContext|QueryRowContext|ExecContext|Raw|Select|Get|Queryx|MustExec|Prepare)$",
            },
          },
        },
      },
    },
  ],
});
