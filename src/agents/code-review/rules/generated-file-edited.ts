import { say } from "../../../text/say.js";
import type { ChangedFile } from "../change.js";
import { addedLines } from "../diff/lines.js";
import { isDocumentation, isTest } from "../file-role.js";
import { isLockfile, isManifest, nameOf } from "../packages.js";
import { isGenerated } from "../traits.js";
import type { ChangeFacts, Rule } from "./rule.js";

/** Inputs of generators: schemas, specifications, templates, grammars. */
const SCHEMA =
  /\.(proto|graphqls?|gql|prisma|sql|thrift|avsc|xsd|wsdl|ya?ml|json|toml|tmpl|tpl|hbs|ejs|j2|jinja2?|g4|y|l|td|idl|fbs|capnp|smithy|tsp|cue)$/i;

/** A generated file changed, but none of its possible sources did. */
export const generatedFileEdited: Rule<"generated-file-edited"> = {
  id: "generated-file-edited",
  severity: "warning",
  byDefault: "off",
  why: "The next run of the generator overwrites this edit: change the source of the generated file.",
  inChange: (facts) =>
    facts.change.files.flatMap((file) => {
      const line = addedLines(file)[0]?.line ?? null;
      if (file.status !== "modified" || file.path.endsWith(".snap") || isLockfile(file.path)) return [];
      if (!isGenerated(file.path, facts.inspections.get(file.path)) || hasSource(file, facts)) return [];
      return [
        { path: file.path, line, says: say`This file is generated, and nothing that it is generated from changed.` },
      ];
    }),
};

function hasSource(generated: ChangedFile, { change, inspections }: ChangeFacts): boolean {
  const named = inspections.get(generated.path)?.traits.generatedFrom ?? null;
  return change.files.some((file) => {
    if (file.path === generated.path || isLockfile(file.path)) return false;
    if (isManifest(file.path)) return true;
    if (named !== null) return file.path.endsWith(named) || nameOf(file.path) === nameOf(named);
    if (isGenerated(file.path, inspections.get(file.path)) || isTest(file.path) || isDocumentation(file.path))
      return false;
    return SCHEMA.test(file.path) || sharesStem(generated.path, file.path);
  });
}

/** `mock_store.go` and `store.pb.go` are generated from a file named store. */
function sharesStem(generated: string, other: string): boolean {
  const stem = (path: string) => nameOf(path).split(".")[0]?.toLowerCase() ?? "";
  const source = stem(other);
  return source.length > 2 && stem(generated).includes(source);
}
