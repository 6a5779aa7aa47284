import { say } from "../../../text/say.js";
import type { Inspection } from "../inspect/protocol.js";
import { folderOf, nameOf, PACKAGE_MANAGERS, type PackageManager } from "../packages.js";
import type { Match } from "./match.js";
import type { Rule } from "./rule.js";

/** Dependencies changed, but the repository's lockfile for them did not. */
export const manifestWithoutLockfile: Rule<"manifest-without-lockfile"> = {
  id: "manifest-without-lockfile",
  severity: "warning",
  byDefault: "off",
  why: "An install from the lockfile fails, or installs other versions than this file requires.",
  inChange: ({ change, inspections }) => {
    const changed = new Set(change.files.map(({ path }) => path));
    return change.files.flatMap((file) => {
      const manager = PACKAGE_MANAGERS.find(({ manifest }) => manifest === nameOf(file.path));
      if (!manager || file.status === "removed") return [];
      const kept = change.lockfiles.filter((lockfile) => governs(lockfile, file.path, manager));
      const stale = kept.length > 0 && !kept.some((lockfile) => changed.has(lockfile));
      return stale ? complaint(file.path, inspections.get(file.path)) : [];
    });
  },
};

/** A lockfile covers the manifests in and below its folder. */
function governs(lockfile: string, manifest: string, manager: PackageManager): boolean {
  return manager.lockfiles.includes(nameOf(lockfile)) && manifest.startsWith(folderOf(lockfile));
}

function complaint(path: string, inspection: Inspection | undefined): readonly Match[] {
  const changed = inspection?.traits.dependencies ?? null;
  if (changed === null) return [];
  if (changed.line !== null) return [{ path, line: changed.line, says: say`The lockfile does not know of this.` }];
  return [{ path, line: null, says: say`A dependency was removed here, and is still in the lockfile.` }];
}
