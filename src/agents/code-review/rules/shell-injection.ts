import { say } from "../../../text/say.js";
import { isTest } from "../file-role.js";
import { structureRule } from "./structure-rule.js";

/**
 * Values in a command line for a shell, also through variables of the same function; `inspect/dataflow` follows them.
 */
export const shellInjection = structureRule({
  id: "shell-injection",
  severity: "failure",
  why: "A shell interprets the value as code: pass the arguments as a list, without a shell.",
  says: say`This command line is put together from values.`,
  concerns: (path) => !isTest(path),
  queries: [],
});
