import { inTransactions, LOCKS } from "./danger.js";
import { migrationRule } from "./migration-rule.js";
import { callOf, onTheWayUp, sqlText } from "./ways-back.js";

const LOCKING_SQL =
  '(create\\s+(unique\\s+)?index\\s+(if\\s+not\\s+exists\\s+)?("?\\w+"?\\s+)?on\\b|lock\\s+table|alter\\s+table\\s+\\S+\\s+(alter\\s+(column\\s+)?\\S+\\s+(set\\s+not\\s+null|type|set\\s+data\\s+type)|add\\s+constraint\\s+\\S+\\s+(foreign|check)))';
const VALID = { not: { regex: "(?i)not\\s+valid" } };

/** Statements that hold a lock for a time that grows with the table. */
export const migrationLock = migrationRule({
  id: "migration-lock",
  why: "On a large table every query waits until this finishes: an outage during the deployment.",
  effect: "can hold a lock for a time that grows with the table",
  dangers: LOCKS,
  together: inTransactions,
  queries: [
    onTheWayUp("script", { all: [sqlText("script", LOCKING_SQL), VALID] }),
    onTheWayUp("script", { all: [callOf("script", "addIndex"), { not: { regex: "concurrently" } }] }),
    onTheWayUp("script", {
      all: [callOf("script", "changeColumn|alter"), { not: { has: { field: "function", regex: "^Object\\." } } }],
    }),
    onTheWayUp("python", {
      all: [callOf("python", "op\\.create_index"), { not: { regex: "postgresql_concurrently\\s*=\\s*True" } }],
    }),
    onTheWayUp("python", {
      all: [callOf("python", "op\\.alter_column"), { regex: "nullable\\s*=\\s*False|type_\\s*=" }],
    }),
    onTheWayUp("python", {
      all: [
        callOf("python", "op\\.(create_foreign_key|create_check_constraint|create_unique_constraint)"),
        { not: { regex: "postgresql_not_valid\\s*=\\s*True" } },
      ],
    }),
    onTheWayUp(
      "python",
      callOf("python", "(migrations\\.)?(AddIndex|AddConstraint|AlterUniqueTogether|AlterIndexTogether)"),
    ),
    onTheWayUp("python", {
      all: [
        callOf("python", "(migrations\\.)?AlterField"),
        { not: { regex: "choices=|help_text=|verbose_name=|upload_to=|validators=" } },
      ],
    }),
    onTheWayUp("python", {
      all: [
        callOf("python", "(migrations\\.)?AddField"),
        { regex: "unique=True|db_index=True|ForeignKey\\(|OneToOneField\\(" },
      ],
    }),
    onTheWayUp("python", { all: [sqlText("python", LOCKING_SQL), VALID] }),
    onTheWayUp("go", callOf("go", "CreateIndex|AlterColumn|CreateConstraint")),
    onTheWayUp("go", { all: [sqlText("go", LOCKING_SQL), VALID] }),
  ],
});
