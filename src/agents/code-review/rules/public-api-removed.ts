import { list, say } from "../../../text/say.js";
import { globs } from "../../glob.js";
import type { ChangedFile, PullRequestFacts } from "../change.js";
import { isTest, isVendored } from "../file-role.js";
import { folderOf } from "../packages.js";
import { isGenerated } from "../traits.js";
import type { ChangeFacts, Rule } from "./rule.js";

const PRIVATE = /(^|\/)(internal|cmd|examples?|testdata|private)\//;

/** Removed exports of public files. Exports that moved within a Go package, or behind a star export, still exist. */
export const publicApiRemoved: Rule<"public-api-removed"> = {
  id: "public-api-removed",
  severity: "warning",
  why: "Code that uses it breaks: keep it and mark it as deprecated, or release it as a breaking change.",
  inChange: (facts) =>
    (isBreaking(facts.change.pullRequest) ? [] : facts.change.files)
      .filter(
        (file) =>
          isPublic(file, facts.optionsFor(file.path).publicApi) &&
          !isGenerated(file.path, facts.inspections.get(file.path)),
      )
      .flatMap((file) => {
        const names = removedNames(file, facts);
        if (names.length === 0) return [];
        return [
          {
            path: file.path,
            line: null,
            says: say`No longer exported: ${list(names, 10)}.`,
            identity: names.join("\n"),
          },
        ];
      }),
};

/** The author declares a breaking change: `feat!: …`, `refactor(types)!: …`, or `BREAKING CHANGE`. */
function isBreaking({ title, body }: PullRequestFacts): boolean {
  return /^\w{1,30}(?:\([^()]{0,100}\))?!:/.test(title) || `${title}\n${body}`.includes("BREAKING CHANGE");
}

/** Whether a file's exports are compared. */
export function isPublic(file: Pick<ChangedFile, "path" | "status">, patterns: readonly string[]): boolean {
  return (
    file.status !== "added" &&
    globs(patterns)(file.path) &&
    !isTest(file.path) &&
    !isVendored(file.path) &&
    !PRIVATE.test(file.path)
  );
}

function removedNames(file: ChangedFile, { change, inspections }: ChangeFacts): readonly string[] {
  const inspection = inspections.get(file.path);
  if (!inspection || inspection.problem !== null || inspection.traits.program) return [];
  if (inspection.addedExports.some((name) => name.startsWith("* from"))) return [];
  const neighbours = file.path.endsWith(".go")
    ? change.files.filter(({ path }) => folderOf(path) === folderOf(file.path))
    : [];
  const moved = new Set(neighbours.flatMap(({ path }) => inspections.get(path)?.addedExports ?? []));
  return inspection.removedExports.filter((name) => !moved.has(name)).toSorted();
}
