import { createHash } from "node:crypto";
import { z } from "zod";
import type { DiffFile } from "../../agents/code-review/diff/diff.js";
import { parsePatch } from "../../agents/code-review/diff/parse-patch.js";

/** A file of a comparison or of a pull request, in REST's list. */
export const ListedFile = z.object({
  filename: z.string(),
  /** The SHA of its content at the head; null: deleted. */
  sha: z.string().nullable().catch(null),
  previous_filename: z.string().optional(),
  status: z.enum(["added", "removed", "modified", "renamed", "copied", "changed", "unchanged"]),
  changes: z.number().int().catch(0),
  patch: z.string().optional(),
});
export type ListedFile = z.infer<typeof ListedFile>;

/** A file in the form of its listing. Without a patch it is binary, too large, or only renamed. */
export interface Listed {
  readonly file: DiffFile;
  /** The listing does not show the change. */
  readonly unshown: boolean;
  /** Equal as long as neither side of the file has changed; null: the listing shows too little. */
  readonly identity: string | null;
}

const SUBMODULE = /^[-+]Subproject commit [0-9a-f]{40}/m;

export function listed(given: ListedFile): Listed {
  const { filename, previous_filename, status, patch, changes } = given;
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
    identity: patch === undefined || truncated || isSubmodule ? null : identityOf(given),
  };
}

/** The new side and the patch together determine the old side. */
function identityOf({ filename, previous_filename, status, sha, patch }: ListedFile): string {
  return digest([filename, previous_filename ?? null, status, sha, patch ?? null]);
}

/**
 * A digest of the change itself, independent of line numbers: names, and changed lines with their context. Merging the
 * base leaves it unchanged, unless the merge commit changes something else.
 */
export function contentOf(files: readonly ListedFile[]): string {
  const parts = files.map(({ filename, previous_filename, status, sha, patch }) => {
    const lines = patch?.split("\n").map((line) => (line.startsWith("@@") ? "@@" : line));
    return [filename, previous_filename ?? null, status, lines ?? sha];
  });
  return digest(parts.toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1)));
}

function digest(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex");
}
