import { say } from "../../../text/say.js";
import { folderOf, nameOf, PACKAGE_MANAGERS } from "../packages.js";
import type { Rule } from "./rule.js";

/** A title that mentions dependencies. */
const UPDATES =
  /\b(?:deps?|dependenc(?:y|ies)|bump\w*|upgrad\w*|updat\w*|lock(?:file)?|audit|vulnerab\w*|cve-|pin|refresh\w*|security)\b/i;

/** A lockfile that changed without a manifest of the same package manager in or below its folder. */
export const lockfileWithoutManifest: Rule<"lockfile-without-manifest"> = {
  id: "lockfile-without-manifest",
  severity: "notice",
  byDefault: "off",
  why: "The installed packages change although no manifest did: normal for transitive updates, and a way to smuggle in a package.",
  inChange: ({ change }) => {
    if (UPDATES.test(change.pullRequest.title)) return [];
    const paths = change.files.map(({ path }) => path);
    return change.files
      .filter(({ status }) => status === "modified")
      .flatMap(({ path }) => {
        const manager = PACKAGE_MANAGERS.find(({ lockfiles }) => lockfiles.includes(nameOf(path)));
        const explained = paths.some(
          (other) => [manager?.manifest, manager?.catalog].includes(nameOf(other)) && other.startsWith(folderOf(path)),
        );
        if (!manager || explained) return [];
        return [{ path, line: null, says: say`The lockfile changed, and no ${manager.manifest} did.` }];
      });
  },
};
