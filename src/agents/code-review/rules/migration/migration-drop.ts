import { DROPS } from "./danger.js";
import { migrationRule } from "./migration-rule.js";
import { callOf, onTheWayUp, sqlText } from "./ways-back.js";

const DROPPING_SQL = "(drop\\s+table|truncate\\b|alter\\s+table\\s+\\S+\\s+(drop\\s+column|rename))";

/** Data or names that the migration removes while running code still uses them. */
export const migrationDrop = migrationRule({
  id: "migration-drop",
  why: "During a deployment the old code still runs, and a rollback does not restore data: stop using it first, and drop it in a later release.",
  effect: "removes data or names that running code may still use",
  dangers: DROPS,
  queries: [
    onTheWayUp(
      "script",
      callOf(
        "script",
        "dropTable|dropTableIfExists|dropColumn|dropColumns|removeColumn|renameColumn|renameTable|dropSchema",
      ),
    ),
    onTheWayUp("script", sqlText("script", DROPPING_SQL)),
    onTheWayUp("python", callOf("python", "drop_table|drop_column|rename_table")),
    onTheWayUp(
      "python",
      callOf(
        "python",
        "migrations\\.(RemoveField|DeleteModel|RenameField|RenameModel)|RemoveField|DeleteModel|RenameField|RenameModel",
      ),
    ),
    onTheWayUp("python", sqlText("python", DROPPING_SQL)),
    onTheWayUp("go", callOf("go", "DropTable|DropColumn|RenameColumn|RenameTable")),
    onTheWayUp("go", sqlText("go", DROPPING_SQL)),
  ],
});
