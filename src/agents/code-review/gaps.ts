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

/** Rules about the change as a whole that failed on it. */
export function failedGap(rules: readonly string[]): readonly Gap[] {
  return rules.length === 0 ? [] : [{ path: "…", because: say`these rules failed on the change: ${list(rules)}` }];
}

function reasonOf(file: ChangedFile, inspection: Inspection | undefined): Said | null {
  if (file.kind === "submodule") return say`a submodule: its own commits were not read`;
  if (file.truncated) return say`its diff was cut off`;
  if (file.binary || file.kind === "symlink") return null;
  const text = file.status === "removed" ? file.baseText : file.text;
  if (text === null && file.hunks.length > 0) return say`only its diff was read, so rules about structure did not run`;
  if (inspection?.problem) return say`${inspection.problem}`;
  const refused = [...new Set(inspection?.refused.map(({ rule }) => rule))];
  if (refused.length > 0) return say`the parser does not take the pattern of ${list(refused)}`;
  return inspection && inspection.failed.length > 0 ? say`these rules failed on it: ${list(inspection.failed)}` : null;
}
