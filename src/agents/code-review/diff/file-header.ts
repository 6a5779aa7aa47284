import type { FileKind, FileStatus } from "./diff.js";
import { pathOfMarker, pathsOfGitLine, unquotePath } from "./quoted-path.js";

/** The header lines above a file's hunks. */
export interface FileHeader {
  readonly path: string | null;
  readonly previousPath: string | null;
  readonly status: FileStatus;
  readonly kind: FileKind;
  readonly oldMode: string | null;
  readonly newMode: string | null;
  readonly binary: boolean;
  readonly consumed: number;
}

const FIELDS: readonly { readonly name: string; readonly test: RegExp }[] = [
  { name: "oldMode", test: /^(?:old mode|deleted file mode) (\d+)$/ },
  { name: "newMode", test: /^(?:new mode|new file mode) (\d+)$/ },
  { name: "bothModes", test: /^index [0-9a-f]+\.\.[0-9a-f]+(?: (\d+))?$/ },
  { name: "renameFrom", test: /^rename from (.*)$/s },
  { name: "renameTo", test: /^rename to (.*)$/s },
  { name: "copyFrom", test: /^copy from (.*)$/s },
  { name: "copyTo", test: /^copy to (.*)$/s },
  { name: "binary", test: /^(?:Binary files .* differ|GIT binary patch)$/s },
  { name: "similarity", test: /^(?:dis)?similarity index (\d+)%$/ },
];

/** Reads the header that begins with the `diff --git` line at the start of `lines`. */
export function readFileHeader(lines: readonly string[]): FileHeader {
  const fields = new Map<string, string>();
  let at = 1;
  for (; at < lines.length; at += 1) {
    const line = lines[at] ?? "";
    const field = FIELDS.find(({ test }) => test.test(line));
    if (!field) break;
    fields.set(field.name, field.test.exec(line)?.[1] ?? "");
    if (line.startsWith("new file mode")) fields.set("added", "");
    if (line.startsWith("deleted file mode")) fields.set("removed", "");
  }
  const markers = readMarkers(lines[at], lines[at + 1]);
  return { ...headerOf(lines[0] ?? "", fields, markers), consumed: at + (markers ? 2 : 0) };
}

interface Markers {
  readonly old: string | null;
  readonly new: string | null;
}

function readMarkers(first: string | undefined, second: string | undefined): Markers | null {
  if (!first?.startsWith("--- ") || !second?.startsWith("+++ ")) return null;
  return { old: pathOfMarker(first.slice(4)), new: pathOfMarker(second.slice(4)) };
}

function headerOf(
  gitLine: string,
  fields: ReadonlyMap<string, string>,
  markers: Markers | null,
): Omit<FileHeader, "consumed"> {
  const git = pathsOfGitLine(gitLine.replace(/^diff --git /, ""));
  const from = fields.get("renameFrom") ?? fields.get("copyFrom");
  const to = fields.get("renameTo") ?? fields.get("copyTo");
  const status = statusOf(fields);
  const both = fields.get("bothModes") || null;
  const oldMode = fields.get("oldMode") ?? (status === "added" ? null : both);
  const newMode = fields.get("newMode") ?? (status === "removed" ? null : both);
  const path = to === undefined ? (markers?.new ?? markers?.old ?? git?.new ?? null) : unquotePath(to);
  return {
    path,
    previousPath: from === undefined ? null : unquotePath(from),
    status,
    kind: kindOf(newMode ?? oldMode),
    oldMode,
    newMode,
    binary: fields.has("binary"),
  };
}

function statusOf(fields: ReadonlyMap<string, string>): FileStatus {
  if (fields.has("added")) return "added";
  if (fields.has("removed")) return "removed";
  if (fields.has("renameTo")) return "renamed";
  return fields.has("copyTo") ? "copied" : "modified";
}

function kindOf(mode: string | null): FileKind {
  if (mode === "160000") return "submodule";
  return mode === "120000" ? "symlink" : "file";
}
