import { say } from "../../text/say.js";
import type { ChangedFile } from "../change.js";
import { addedLines, removedLines } from "../diff/lines.js";
import { folderOf, nameOf, PACKAGE_MANAGERS, type PackageManager } from "../packages.js";
import type { Match, Rule } from "./rule.js";

/** Dependencies changed, and the lockfile that the repository keeps for them did not. */
export const manifestWithoutLockfile: Rule<"manifest-without-lockfile"> = {
  id: "manifest-without-lockfile",
  severity: "warning",
  why: "An install from the lockfile fails, or installs something else than this file asks for.",
  check: ({ change }) => {
    const changed = new Set(change.files.map(({ path }) => path));
    return change.files.flatMap((file) => {
      const manager = PACKAGE_MANAGERS.find(({ manifest }) => manifest === nameOf(file.path));
      if (!manager || file.status === "removed") return [];
      const kept = change.lockfiles.filter((lockfile) => governs(lockfile, file.path, manager));
      return kept.length > 0 && !kept.some((lockfile) => changed.has(lockfile)) ? complaint(file, manager) : [];
    });
  },
};

/** A lockfile speaks for the manifests in and below its folder. */
function governs(lockfile: string, manifest: string, manager: PackageManager): boolean {
  return manager.lockfiles.includes(nameOf(lockfile)) && manifest.startsWith(folderOf(lockfile));
}

function complaint(file: ChangedFile, { declares }: PackageManager): readonly Match[] {
  const removed = new Set(removedLines(file).map(({ text }) => bare(text)));
  const added = addedLines(file).find(({ text }) => declares.test(text) && !removed.has(bare(text)));
  if (added) return [{ path: file.path, line: added.line, says: say`The lockfile does not know of this.` }];
  const gone = removedLines(file).some(({ text }) => declares.test(text));
  return gone && addedLines(file).every(({ text }) => !declares.test(text))
    ? [{ path: file.path, line: null, says: say`A dependency was removed here, and is still in the lockfile.` }]
    : [];
}

/** The last entry of an object gains or loses a comma when its neighbour changes. */
function bare(text: string): string {
  return text.trim().replace(/,$/, "");
}
