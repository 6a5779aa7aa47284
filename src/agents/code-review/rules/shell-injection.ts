import { say } from "../../../text/say.js";
import { isTest } from "../file-role.js";
import { SCRIPT } from "../languages.js";
import { structureRule } from "./structure-rule.js";

/** Values put into a command line that a shell reads. */
export const shellInjection = structureRule({
  id: "shell-injection",
  severity: "failure",
  why: "A shell reads the whole line as code, the value included: pass the arguments as a list, without a shell.",
  says: say`This command line is put together from values.`,
  concerns: (path) => !isTest(path),
  queries: [
    {
      languages: SCRIPT,
      rule: {
        kind: "call_expression",
        all: [
          {
            has: {
              field: "function",
              regex: "^((child_process|cp|childProcess)\\.)?(exec|execSync)$|^execAsync$|^execaCommand(Sync)?$",
            },
          },
          {
            has: {
              field: "arguments",
              has: {
                nthChild: 1,
                any: [
                  { kind: "template_string", has: { kind: "template_substitution" } },
                  {
                    kind: "binary_expression",
                    has: { stopBy: "end", any: [{ kind: "identifier" }, { kind: "member_expression" }] },
                  },
                ],
              },
            },
          },
        ],
      },
    },
    {
      languages: ["python"],
      rule: {
        kind: "call",
        all: [
          {
            has: {
              field: "function",
              regex: "^(os\\.(system|popen)|commands\\.getoutput|subprocess\\.(getoutput|getstatusoutput))$",
            },
          },
          {
            has: {
              field: "arguments",
              has: {
                nthChild: 1,
                any: [
                  { kind: "string", has: { kind: "interpolation" } },
                  { kind: "binary_operator", has: { stopBy: "end", kind: "identifier" } },
                  { kind: "call", regex: "(?s)^[\"'].*[\"']\\.format\\(" },
                ],
              },
            },
          },
        ],
      },
    },
    {
      languages: ["python"],
      rule: {
        kind: "call",
        all: [
          {
            has: {
              field: "function",
              regex: "(^|\\.)(run|call|check_call|check_output|Popen|create_subprocess_shell)$",
            },
          },
          { has: { field: "arguments", has: { kind: "keyword_argument", regex: "^shell\\s*=\\s*True$" } } },
          {
            has: {
              field: "arguments",
              has: {
                nthChild: 1,
                any: [
                  { kind: "string", has: { kind: "interpolation" } },
                  { kind: "binary_operator", has: { stopBy: "end", kind: "identifier" } },
                  { kind: "call", regex: "(?s)^[\"'].*[\"']\\.format\\(" },
                ],
              },
            },
          },
        ],
      },
    },
    {
      languages: ["go"],
      rule: {
        kind: "call_expression",
        all: [
          { has: { field: "function", regex: "^exec\\.Command(Context)?$" } },
          { has: { field: "arguments", regex: '(?s)"(/bin/)?(ba|z)?sh"\\s*,\\s*"-l?c"' } },
          {
            has: {
              field: "arguments",
              has: {
                any: [
                  { kind: "call_expression", has: { field: "function", regex: "^fmt\\.Sprintf$" } },
                  { kind: "binary_expression", has: { stopBy: "end", kind: "identifier" } },
                ],
              },
            },
          },
        ],
      },
    },
  ],
});
