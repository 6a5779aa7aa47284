import { say } from "../../../text/say.js";
import { isTest } from "../file-role.js";
import { structureRule } from "./structure-rule.js";

/**
 * Values put into a command line that a shell reads, directly or through variables of the same function: what reads the file
 * follows them (`inspect/dataflow`).
 */
export const shellInjection = structureRule({
  id: "shell-injection",
  severity: "failure",
  why: "A shell interprets the value as code: pass the arguments as a list, without a shell.",
  says: say`This command line is put together from values.`,
  concerns: (path) => !isTest(path),
  queries: [],
});
