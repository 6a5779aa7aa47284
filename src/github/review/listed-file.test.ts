import { describe, expect, it } from "vitest";
import { contentOf, listed, type ListedFile } from "./listed-file.js";

const file = (more: Partial<ListedFile> = {}): ListedFile => ({
  filename: "a.ts",
  sha: "1",
  status: "modified",
  changes: 1,
  patch: "@@ -1,2 +1,3 @@ f()\n one\n+two\n three",
  ...more,
});

describe("the digest of a change", () => {
  const same = contentOf([file(), file({ filename: "b.ts" })]);

  it.each([
    [
      "lines that moved",
      [file({ patch: "@@ -9,2 +12,3 @@ g()\n one\n+two\n three", sha: "2" }), file({ filename: "b.ts" })],
    ],
    ["the order of the files", [file({ filename: "b.ts" }), file()]],
  ])("does not depend on %s", (_what, files) => {
    expect(contentOf(files)).toBe(same);
  });

  it.each([
    ["an added line", [file({ patch: "@@ -1,2 +1,3 @@\n one\n+TWO\n three" }), file({ filename: "b.ts" })]],
    ["what is beside it", [file({ patch: "@@ -1,2 +1,3 @@\n ONE\n+two\n three" }), file({ filename: "b.ts" })]],
    ["another file", [file(), file({ filename: "c.ts" })]],
    ["one file more", [file(), file({ filename: "b.ts" }), file({ filename: "c.ts" })]],
    ["what kind of change it is", [file({ status: "added" }), file({ filename: "b.ts" })]],
  ])("depends on %s", (_what, files) => {
    expect(contentOf(files)).not.toBe(same);
  });

  it("depends on the content if GitHub shows no patch", () => {
    const { patch: _patch, ...binary } = file();
    expect(contentOf([binary])).not.toBe(contentOf([{ ...binary, sha: "2" }]));
  });
});

describe("a file is the same", () => {
  it("as long as its content and its patch are", () => {
    const { identity } = listed(file());
    expect(identity).toMatch(/^[0-9a-f]{64}$/);
    expect(listed(file()).identity).toBe(identity);
    expect(listed(file({ sha: "2" })).identity).not.toBe(identity);
    expect(listed(file({ patch: "@@ -1 +1,2 @@\n one\n+two" })).identity).not.toBe(identity);
  });

  it.each([
    ["without a patch", (({ patch: _patch, ...rest }) => rest)(file())],
    ["with a patch that was cut off", file({ patch: "@@ -1,2 +1,9 @@\n one\n+two" })],
    ["that is a submodule", file({ patch: `@@ -1 +1 @@\n+Subproject commit ${"a".repeat(40)}` })],
  ])("is null for one %s", (_what, given) => {
    expect(listed(given).identity).toBeNull();
  });
});
