import { z } from "zod";
import type { DiffFile } from "../../agents/code-review/diff/diff.js";
import { parsePatch } from "../../agents/code-review/diff/parse-patch.js";

/** A file of a comparison or of a pull request, as REST lists it. */
export const ListedFile = z.object({
  filename: z.string(),
  previous_filename: z.string().optional(),
  status: z.enum(["added", "removed", "modified", "renamed", "copied", "changed", "unchanged"]),
  changes: z.number().int().catch(0),
  patch: z.string().optional(),
});
export type ListedFile = z.infer<typeof ListedFile>;

/** A file as its listing shows it. Without a patch it is binary, too large for one, or only its name changed. */
export interface Listed {
  readonly file: DiffFile;
  /** There is a change that the listing does not show. */
  readonly unshown: boolean;
}

const SUBMODULE = /^[-+]Subproject commit [0-9a-f]{40}/m;

export function listed({ filename, previous_filename, status, patch, changes }: ListedFile): Listed {
  const { hunks, truncated } = parsePatch(patch ?? "");
  const isSubmodule = patch !== undefined && SUBMODULE.test(patch) && changes <= 2;
  return {
    file: {
      path: filename,
      previousPath: previous_filename ?? null,
      status: status === "changed" || status === "unchanged" ? "modified" : status,
      kind: isSubmodule ? "submodule" : "file",
      oldMode: null,
      newMode: null,
      binary: false,
      hunks: isSubmodule ? [] : hunks,
      truncated,
    },
    unshown: patch === undefined && !(status === "renamed" && changes === 0),
  };
}
