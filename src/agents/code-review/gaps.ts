import { globs } from "../glob.js";
import type { ReviewSettings } from "./settings/settings.js";
import { list, say, type Said } from "../../text/say.js";
import type { Change, ChangedFile } from "./change.js";
import type { Inspection } from "./inspect/protocol.js";

/** A part of the change that was not read, or not completely. */
export interface Gap {
  readonly path: string;
  readonly reason: Said;
  /** The rules that could not check it; null: no rule could check all of it. */
  readonly rules: readonly string[] | null;
}

/** Used as the path when a gap concerns no single file. */
export const WHOLE_CHANGE = "…";

/** The gaps of a review. With gaps the check is never successful. Files ignored by the settings are no gaps. */
export function gapsOf(
  change: Change,
  settings: ReviewSettings,
  inspections: ReadonlyMap<string, Inspection>,
): readonly Gap[] {
  const ignored = globs(settings.ignore.paths);
  return change.files
    .filter(({ path }) => !ignored(path))
    .flatMap((file) => {
      const inspection = inspections.get(file.path);
      const reason = reasonOf(file, inspection);
      if (reason) return [{ path: file.path, reason, rules: null }];
      return inspection ? rulesGap(file.path, inspection) : [];
    });
}

/** Files that GitHub does not even list. */
export function unlistedGap(count: number): readonly Gap[] {
  if (count === 0) return [];
  const reason = count === 1 ? say`GitHub did not list 1 file` : say`GitHub did not list ${count} files`;
  return [{ path: WHOLE_CHANGE, reason, rules: null }];
}

/** Reads that GitHub refused or did not answer. */
export function missingGap(missing: readonly Said[]): readonly Gap[] {
  return missing.map((reason) => ({ path: WHOLE_CHANGE, reason, rules: null }));
}

/** Rules that failed on the whole change. */
export function failedGap(rules: readonly string[]): readonly Gap[] {
  return rules.length === 0
    ? []
    : [{ path: WHOLE_CHANGE, reason: say`these rules failed on the change: ${list(rules)}`, rules }];
}

function reasonOf(file: ChangedFile, inspection: Inspection | undefined): Said | null {
  if (file.kind === "submodule") return say`a submodule: its own commits were not read`;
  if (file.truncated) return say`its diff was cut off`;
  if (file.binary || file.kind === "symlink") return null;
  const text = file.status === "removed" ? file.baseText : file.text;
  if (text === null && file.hunks.length > 0) return say`only its diff was read, so rules about structure did not run`;
  return inspection?.problem ? say`${inspection.problem}` : null;
}

function rulesGap(path: string, { refused, failed }: Inspection): readonly Gap[] {
  const broken = [...new Set(refused.map(({ rule }) => rule))];
  if (broken.length + failed.length === 0) return [];
  const rules = [...broken, ...failed];
  if (failed.length === 0)
    return [{ path, reason: say`the parser does not take the pattern of ${list(broken)}`, rules }];
  return [{ path, reason: say`these rules failed on it: ${list(rules)}`, rules }];
}
