import { afterAll, expect, it } from "vitest";
import { toPlain } from "../../../text/markdown.js";
import { findIn, givenChange, type GivenFile } from "../given.js";
import { openInspector } from "../inspect/child-process.js";

const inspector = openInspector();
afterAll(() => inspector.close());

it.each<[string, readonly GivenFile[], readonly string[]]>([
  [
    "from an index",
    [{ path: "src/index.ts", before: "export { a, b } from './x';\n", after: "export { a } from './x';\n" }],
    ["No longer exported: b."],
  ],
  [
    "with the file",
    [{ path: "lib/index.js", before: "export const a = 1;\n", after: null }],
    ["No longer exported: a."],
  ],
  [
    "from a file that nobody imports by name",
    [{ path: "src/x.ts", before: "export const a = 1;\n", after: "const a = 1;\n" }],
    [],
  ],
  ["behind a star", [{ path: "index.ts", before: "export { a } from './x';\n", after: "export * from './x';\n" }], []],
  ["spelled out", [{ path: "index.ts", before: "export * from './x';\n", after: "export { a } from './x';\n" }], []],
  [
    "with a star",
    [{ path: "index.ts", before: "export * from './x';\n", after: "export { a } from './y';\n" }],
    ["No longer exported: * from './x'."],
  ],
  [
    "from a package of Python",
    [{ path: "pkg/__init__.py", before: "from .a import b, c\n", after: "from .a import c\n" }],
    ["No longer exported: b."],
  ],
  [
    "from a part of a package",
    [{ path: "packages/a/src/core/render/index.ts", before: "export { a } from './x';\n", after: "export {};\n" }],
    [],
  ],
  [
    "from an entry of a package",
    [{ path: "packages/a/src/node/index.ts", before: "export { a } from './x';\n", after: "export {};\n" }],
    ["No longer exported: a."],
  ],
  [
    "behind a deprecation of Python",
    [
      {
        path: "pkg/__init__.py",
        before: "from .a import b, c\n",
        after:
          "def __getattr__(name):\n    if name == 'b':\n        from .a import b\n        return b\n    raise AttributeError(name)\n",
      },
    ],
    ["No longer exported: c."],
  ],
  [
    "from Go",
    [{ path: "store/a.go", before: "package store\nfunc Open() {}\nfunc shut() {}\n", after: "package store\n" }],
    ["No longer exported: Open."],
  ],
  [
    "to another file of the package",
    [
      { path: "store/a.go", before: "package store\nfunc Open() {}\n", after: "package store\n" },
      { path: "store/b.go", after: "package store\nfunc Open() {}\n" },
    ],
    [],
  ],
  [
    "to another package",
    [
      { path: "store/a.go", before: "package store\nfunc Open() {}\n", after: "package store\n" },
      { path: "other/b.go", after: "package other\nfunc Open() {}\n" },
    ],
    ["No longer exported: Open."],
  ],
  [
    "from internal Go, tests and programs",
    [
      { path: "internal/a.go", before: "package a\nfunc F() {}\n", after: "package a\n" },
      { path: "a_test.go", before: "package a\nfunc F() {}\n", after: "package a\n" },
      { path: "tool/main.go", before: "package main\nfunc F() {}\n", after: "package main\n" },
    ],
    [],
  ],
])("%s", async (_name, files, expected) => {
  const findings = await findIn(inspector, givenChange(files));
  expect(findings.flatMap(({ rule, says }) => (rule === "public-api-removed" ? [toPlain(says)] : []))).toEqual(
    expected,
  );
});
