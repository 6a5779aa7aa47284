import { say } from "../../../../text/say.js";
import { globs } from "../../../glob.js";
import type { ChangedFile } from "../../change.js";
import { isTest } from "../../file-role.js";
import { addedNumbers } from "../../diff/lines.js";
import type { StructureQuery } from "../../inspect/protocol.js";
import type { Match } from "../match.js";
import type { FileFacts, Rule } from "../rule.js";
import { addedMatches } from "../structure-rule.js";
import { dangersIn, type Danger, type Found } from "./danger.js";

interface MigrationRuleSpec<Id extends string> {
  readonly id: Id;
  readonly why: string;
  readonly dangers: readonly Danger[];
  /** Dangers of several statements together. */
  readonly together?: (text: string) => readonly Found[];
  /** For migrations written in a programming language. */
  readonly queries: readonly StructureQuery[];
  readonly effect: string;
}

/** A rule for files that the settings call migrations: SQL by its statements, code by its structure. */
export function migrationRule<const Id extends string>(spec: MigrationRuleSpec<Id>): Rule<Id> {
  return {
    id: spec.id,
    severity: "warning",
    why: spec.why,
    queries: spec.queries,
    concerns: (path, { migrations }) => globs(migrations)(path) && !isTest(path),
    inFile: (facts) => {
      const { path, status } = facts.file;
      if (status === "removed" || !globs(facts.options.migrations)(path) || isTest(path)) return [];
      return path.endsWith(".sql") ? inSql(facts.file, spec) : inCode(facts, spec);
    },
  };
}

function inSql<Id extends string>(file: ChangedFile, { dangers, together }: MigrationRuleSpec<Id>): readonly Match[] {
  if (file.text === null || /[._-](down|rollback|revert|undo)\.sql$|(^|\/)(down|U\d[^/]*)\.sql$/i.test(file.path))
    return [];
  const added = addedNumbers(file);
  const found = [...dangersIn(file.text, dangers), ...(together?.(file.text) ?? [])];
  const byLine = new Map(found.map((one) => [one.line, one]));
  return [...byLine.values()]
    .filter(({ line }) => added.has(line))
    .map(({ line, effect }) => ({ path: file.path, line, says: { parts: [`This ${effect}.`] } }));
}

function inCode<Id extends string>(facts: FileFacts, { id, effect }: MigrationRuleSpec<Id>): readonly Match[] {
  return addedMatches(facts, id).map((match) => ({ ...match, says: say`This ${{ parts: [effect] }}.` }));
}
