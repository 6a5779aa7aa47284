import { say } from "../../../text/say.js";
import { isTest } from "../file-role.js";
import { structureRule } from "./structure-rule.js";

/**
 * Values put into the text of a query, directly or through variables of the same function: what reads the file follows them
 * (`inspect/dataflow`). Tagged templates (`sql`…``) pass them apart, and so does a placeholder.
 */
export const sqlInjection = structureRule({
  id: "sql-injection",
  severity: "failure",
  why: "A value in the query text can change the query: pass it as a parameter.",
  says: say`This query is put together from values.`,
  concerns: (path) => !isTest(path),
  queries: [],
});
