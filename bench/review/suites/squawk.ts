import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Suite, SuiteCase } from "./suite.js";

const RULES: Readonly<Record<string, string>> = {
  ban_drop_column: "migration-drop",
  ban_drop_database: "migration-drop",
  ban_drop_table: "migration-drop",
  ban_truncate_cascade: "migration-drop",
  renaming_column: "migration-drop",
  renaming_table: "migration-drop",
  adding_field_with_default: "migration-lock",
  adding_foreign_key_constraint: "migration-lock",
  adding_not_null_field: "migration-lock",
  adding_primary_key_constraint: "migration-lock",
  adding_required_field: "migration-lock",
  ban_concurrent_index_creation_in_transaction: "migration-lock",
  changing_column_type: "migration-lock",
  constraint_missing_not_valid: "migration-lock",
  disallow_unique_constraint: "migration-lock",
  prefer_repack: "migration-lock",
  require_concurrent_index_creation: "migration-lock",
  require_concurrent_index_deletion: "migration-lock",
  require_concurrent_partition_detach: "migration-lock",
  require_concurrent_reindex: "migration-lock",
};

/** The statements that squawk's own tests call dangerous, and those that they call safe, for the rules about locks and loss. */
export const squawk: Suite = {
  name: "sbdchd/squawk locks and drops",
  rules: ["migration-drop", "migration-lock"],
  leastRecall: 0.9,
  mostFalse: 0,
  cases: (folder) => {
    const rules = join(folder, "crates/squawk_linter/src/rules");
    return readdirSync(rules).flatMap((name) => {
      const rule = RULES[name.replace(/\.rs$/, "")];
      return rule === undefined
        ? []
        : casesIn(readFileSync(join(rules, name), "utf8"), name.replace(/\.rs$/, ""), rule);
    });
  },
};

/** Depends on the version, or is the question of another of its rules: harmless to that one and not to the other. */
const LEFT_OUT =
  /pg_?(?:8|9|10)\b|below_pg19|pg_version: "(?:[89]|1[01])\b|assume_in_transaction: true|fn adding_field_that_is_not_nullable_without_default|fn generated_stored|fn add_foreign_key_constraint_not_valid_validate|fn ok\(\)[^;]*truncate/;

/** A test is a text of SQL and whether it is linted with errors. Those for versions of PostgreSQL that have ended are left out. */
function casesIn(source: string, group: string, rule: string): readonly SuiteCase[] {
  const tests = source.slice(source.indexOf("mod test")).split("#[test]").slice(1);
  return tests.flatMap((test) => {
    const sql = (/=\s*r#"(.*?)"#\s*;/s.exec(test) ?? /=\s*r?"([^"]*)"\s*;/s.exec(test))?.[1];
    const [, name = ""] = /fn (\w+)/.exec(test) ?? [];
    const outcome = /lint_(ok|errors)/.exec(test)?.[1];
    if (sql === undefined || outcome === undefined || LEFT_OUT.test(test)) return [];
    const file = { path: `db/migrations/${name}.sql`, after: `${sql}\n` };
    return [{ group, file, bad: outcome === "ok" ? [] : ("any" as const), rules: [rule] }];
  });
}
