import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addedLines, changedLineCount, removedLines } from "./lines.js";
import { parseDiff } from "./parse-diff.js";

function only(text: string) {
  const { files, unreadLines } = parseDiff(text);
  expect(unreadLines).toEqual([]);
  expect(files).toHaveLength(1);
  return files[0];
}

const MODIFIED = `diff --git a/src/a.ts b/src/a.ts
index 111..222 100644
--- a/src/a.ts
+++ b/src/a.ts
@@ -1,3 +1,4 @@
 one
-two
+two changed
+two and a half
 three
@@ -10,2 +11,2 @@ function f() {
--- old looks like a header
+++ new looks like a header
 end
`;

describe("a modified file", () => {
  it("numbers lines in both files, and positions over hunks as GitHub does", () => {
    const file = only(MODIFIED);
    expect(file).toMatchObject({ path: "src/a.ts", status: "modified", kind: "file", truncated: false, binary: false });
    expect(file?.hunks.flatMap(({ lines }) => lines.map((l) => [l.kind, l.oldLine, l.newLine, l.position]))).toEqual([
      ["context", 1, 1, 1],
      ["removed", 2, null, 2],
      ["added", null, 2, 3],
      ["added", null, 3, 4],
      ["context", 3, 4, 5],
      ["removed", 10, null, 7],
      ["added", null, 11, 8],
      ["context", 11, 12, 9],
    ]);
  });

  it("treats content that looks like a header as content", () => {
    const file = only(MODIFIED);
    expect(file && addedLines(file).at(-1)).toEqual({ line: 11, text: "++ new looks like a header" });
    expect(file && removedLines(file).at(-1)).toEqual({ line: 10, text: "-- old looks like a header" });
    expect(file && changedLineCount(file)).toBe(5);
  });
});

describe("reads git's header lines above the hunks", () => {
  it.each([
    [
      "a new file",
      "diff --git a/n b/n\nnew file mode 100755\nindex 000..111\n--- /dev/null\n+++ b/n\n@@ -0,0 +1 @@\n+x\n",
      { path: "n", status: "added", oldMode: null, newMode: "100755" },
    ],
    [
      "an empty new file",
      "diff --git a/n b/n\nnew file mode 100644\nindex 000..e69\n",
      { path: "n", status: "added", hunks: [] },
    ],
    [
      "a removed file",
      "diff --git a/n b/n\ndeleted file mode 100644\nindex 111..000\n--- a/n\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n",
      { path: "n", status: "removed", newMode: null },
    ],
    [
      "a pure rename",
      "diff --git a/o x b/n y\nsimilarity index 100%\nrename from o x\nrename to n y\n",
      { path: "n y", previousPath: "o x", status: "renamed" },
    ],
    [
      "a copy",
      "diff --git a/o b/n\nsimilarity index 90%\ncopy from o\ncopy to n\n",
      { path: "n", previousPath: "o", status: "copied" },
    ],
    [
      "a mode change",
      "diff --git a/s b/s\nold mode 100644\nnew mode 100755\n",
      { path: "s", status: "modified", oldMode: "100644", newMode: "100755" },
    ],
    [
      "a binary file",
      "diff --git a/i.png b/i.png\nnew file mode 100644\nindex 000..111\nBinary files /dev/null and b/i.png differ\n",
      { path: "i.png", binary: true, status: "added" },
    ],
    [
      "a binary patch",
      "diff --git a/i.png b/i.png\nindex 1..2 100644\nGIT binary patch\nliteral 3\nKcmZ\n\nliteral 0\nHcmV?d00001\n\n",
      { binary: true, truncated: false, hunks: [] },
    ],
    [
      "a submodule",
      "diff --git a/lib b/lib\nindex abc..def 160000\n--- a/lib\n+++ b/lib\n@@ -1 +1 @@\n-Subproject commit abc\n+Subproject commit def\n",
      { kind: "submodule", path: "lib" },
    ],
    [
      "a symbolic link",
      "diff --git a/l b/l\nnew file mode 120000\nindex 000..1\n--- /dev/null\n+++ b/l\n@@ -0,0 +1 @@\n+target\n\\ No newline at end of file\n",
      { kind: "symlink" },
    ],
    [
      "a name in octal",
      'diff --git "a/\\303\\244 \\"q\\".ts" "b/\\303\\244 \\"q\\".ts"\nindex 1..2 100644\n--- "a/\\303\\244 \\"q\\".ts"\n+++ "b/\\303\\244 \\"q\\".ts"\n@@ -1 +1 @@\n-a\n+b\n',
      { path: 'ä "q".ts' },
    ],
    ["a name with spaces", "diff --git a/x b/y c b/x b/y c\nold mode 100644\nnew mode 100755\n", { path: "x b/y c" }],
    [
      "a name with spaces and content",
      "diff --git a/x y b/x y\nindex 1..2 100644\n--- a/x y\t\n+++ b/x y\t\n@@ -1 +1 @@\n-a\n+b\n",
      { path: "x y" },
    ],
  ])("%s", (_name, text, expected) => {
    expect(only(text)).toMatchObject(expected);
  });

  it("marks the line that has no end", () => {
    const file = only(
      "diff --git a/a b/a\nindex 1..2 100644\n--- a/a\n+++ b/a\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n",
    );
    expect(file?.hunks[0]?.lines.map(({ kind, noNewline }) => [kind, noNewline])).toEqual([
      ["removed", true],
      ["added", false],
    ]);
  });
});

describe("unreadable parts", () => {
  it("marks the file of an incomplete hunk as truncated and keeps the lines it has", () => {
    const file = only(MODIFIED.slice(0, MODIFIED.indexOf("+two and a half")));
    expect(file?.truncated).toBe(true);
    expect(file && addedLines(file)).toEqual([{ line: 2, text: "two changed" }]);
  });

  it("lines outside of any file are named", () => {
    expect(parseDiff(`garbage\n${MODIFIED}`).unreadLines).toEqual([1]);
    expect(parseDiff(`${MODIFIED}diff --cc merged\nindex 1,2..3\n`).unreadLines).toEqual([15]);
    expect(parseDiff("")).toEqual({ files: [], unreadLines: [] });
  });

  it("something else after the hunks makes the file truncated", () => {
    expect(only(`${MODIFIED}(diff too large)\n`)?.truncated).toBe(true);
  });
});

it("reads git's output: removed and added lines turn the old text into the new one", { timeout: 60_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), "diff-"));
  const line = fc.constantFrom(
    "",
    "a",
    "-a",
    "--- a",
    "+++ b",
    "@@ -1 +1 @@",
    "diff --git a/x b/x",
    "\\ No newline",
    "ü\r",
    " ",
  );
  const text = fc
    .tuple(fc.array(line, { maxLength: 30 }), fc.boolean())
    .map(([lines, end]) => lines.join("\n") + (end ? "\n" : ""));
  try {
    fc.assert(
      fc.property(text, text, (before, after) => {
        writeFileSync(join(folder, "old"), before);
        writeFileSync(join(folder, "new"), after);
        const { files, unreadLines } = parseDiff(gitDiff(folder));
        expect(unreadLines).toEqual([]);
        expect(files.every(({ truncated }) => !truncated)).toBe(true);
        expect(apply(before, files[0])).toBe(after);
      }),
      { numRuns: 60 },
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

function gitDiff(folder: string): string {
  try {
    return execFileSync("git", ["diff", "--no-index", "--text", "-U1", "old", "new"], {
      cwd: folder,
      encoding: "utf8",
    });
  } catch (error) {
    return error instanceof Error && "stdout" in error ? String(error.stdout) : "";
  }
}

function apply(before: string, file: ReturnType<typeof parseDiff>["files"][number] | undefined): string {
  if (!file) return before;
  const old = before === "" ? [] : before.split("\n");
  const result: string[] = [];
  let at = 0;
  let last = { noNewline: before !== "" && !before.endsWith("\n") };
  for (const { lines, oldStart, oldLines } of file.hunks) {
    const start = oldLines === 0 ? oldStart : oldStart - 1;
    while (at < start) result.push(old[at++] ?? "");
    for (const each of lines) {
      if (each.kind !== "added") at += 1;
      if (each.kind !== "removed") {
        result.push(each.text);
        last = each;
      }
    }
  }
  const end = before.endsWith("\n") ? old.length - 1 : old.length;
  if (at < end) last = { noNewline: !before.endsWith("\n") };
  while (at < end) result.push(old[at++] ?? "");
  return result.length === 0 ? "" : result.join("\n") + (last.noNewline ? "" : "\n");
}
