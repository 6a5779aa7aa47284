import { say } from "../../../text/say.js";
import { isTest } from "../file-role.js";
import { structureRule } from "./structure-rule.js";

/**
 * Values in the text of a query, also through variables of the same function; `inspect/dataflow` follows them. Tagged
 * templates (`sql`…``) and placeholders pass values separately.
 */
export const sqlInjection = structureRule({
  id: "sql-injection",
  severity: "failure",
  why: "A value in the query text can change the query: pass it as a parameter.",
  says: say`This query is put together from values.`,
  concerns: (path) => !isTest(path),
  queries: [],
});
