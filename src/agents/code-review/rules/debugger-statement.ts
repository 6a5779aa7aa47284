import { say } from "../../../text/say.js";
import { SCRIPT } from "../languages.js";
import { structureRule } from "./structure-rule.js";

const PYTHON_DEBUGGERS =
  "(pdb|ipdb|pudb|wdb|pdbpp|rpdb|web_pdb|remote_pdb|celery\\.contrib\\.rdb|rdb|debugpy|ptvsd|pydevd|pydevd_pycharm|builtins)";
const PYTHON_MODULES = "(pdb|ipdb|pudb|wdb|rpdb|web_pdb|remote_pdb|celery\\.contrib\\.rdb)";

/** Breakpoints in code. Print statements are a matter of taste and are not reported. */
export const debuggerStatement = structureRule({
  id: "debugger-statement",
  severity: "failure",
  why: "`debugger` left in the code stops the program or its tests until a debugger continues it.",
  says: say`A breakpoint is left in the code.`,
  queries: [
    { languages: SCRIPT, rule: { kind: "debugger_statement" }, fix: "" },
    {
      languages: SCRIPT,
      rule: {
        kind: "call_expression",
        has: {
          field: "function",
          regex:
            "^(((\\w+\\.)*page\\w*|cy|browser|screen)\\??\\.(pause|debug)|inspector\\.waitForDebugger|page\\[[\"'`]pause[\"'`]\\])$",
        },
      },
    },
    {
      languages: ["python"],
      rule: {
        kind: "call",
        has: {
          field: "function",
          any: [
            { regex: "^breakpoint$" },
            {
              regex: `^${PYTHON_DEBUGGERS}\\.(set_trace|post_mortem|breakpoint|wait_for_client|wait_for_attach|settrace|pm|bp|trace|Tdb)$`,
            },
            {
              regex:
                "^(\\w*[Ii]?[Pp]db\\w*\\.set_trace|wait_for_client|(IPython\\.)?embed|IPython\\.start_ipython|code\\.interact)$",
            },
            { regex: "^(set_trace|sys\\.breakpointhook|__import__\\([\"'](i?pdb|pudb)[\"']\\)\\.set_trace)$" },
          ],
        },
      },
      fix: "",
    },
    {
      languages: ["python"],
      rule: {
        any: [{ kind: "import_statement" }, { kind: "import_from_statement" }],
        regex: `^(import|from)\\s+(${PYTHON_MODULES}\\b|debugpy\\s+import\\s+(wait_for_client|breakpoint)\\b)`,
      },
      fix: "",
    },
    {
      languages: ["go"],
      rule: { kind: "call_expression", has: { field: "function", regex: "^(runtime\\.Breakpoint|godebug\\.Break)$" } },
      fix: "",
    },
  ],
});
