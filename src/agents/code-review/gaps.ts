import { globs } from "../glob.js";
import type { ReviewSettings } from "../settings/review.js";
import { list, say, type Said } from "../text/say.js";
import type { Change, ChangedFile } from "./change.js";
import type { Inspection } from "./inspect/protocol.js";

/** Something of the change that was not, or not wholly, read. */
export interface Gap {
  readonly path: string;
  readonly because: Said;
}

/** What a review has to admit: with gaps it is never called clean. Files that the settings ignore are no gaps. */
export function gapsOf(
  change: Change,
  settings: ReviewSettings,
  inspections: ReadonlyMap<string, Inspection>,
): readonly Gap[] {
  const ignored = globs(settings.ignore.paths);
  return change.files
    .filter(({ path }) => !ignored(path))
    .flatMap((file) => {
      const because = reasonOf(file, inspections.get(file.path));
      return because ? [{ path: file.path, because }] : [];
    });
}

/** Files that GitHub does not even list. */
export function unlistedGap(count: number): readonly Gap[] {
  return count === 0 ? [] : [{ path: "…", because: say`GitHub did not list ${count} more files` }];
}

function reasonOf(file: ChangedFile, inspection: Inspection | undefined): Said | null {
  if (file.kind === "submodule") return say`a submodule: its own commits were not read`;
  if (file.truncated) return say`its diff was cut off`;
  if (file.binary || file.kind === "symlink" || file.status === "removed") return null;
  if (file.text === null && file.hunks.length > 0)
    return say`only its diff was read, so rules about structure did not run`;
  if (inspection?.problem) return say`${inspection.problem}`;
  const refused = [...new Set(inspection?.refused.map(({ rule }) => rule))];
  return refused.length > 0 ? say`the parser does not take the pattern of ${list(refused)}` : null;
}
