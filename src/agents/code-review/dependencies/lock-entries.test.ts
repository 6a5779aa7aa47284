import { expect, it } from "vitest";
import { newEntries } from "./lock-entries.js";

const found = (path: string, text: string, baseText: string | null = null) =>
  newEntries({ path, text, baseText }).map(
    ({ ecosystem, name, version, line }) => `${ecosystem} ${name} ${version} ${line}`,
  );

it.each<[string, string, readonly string[]]>([
  [
    "package-lock.json",
    '{\n  "name": "app",\n  "version": "1.0.0",\n  "packages": {\n    "": {\n      "version": "1.0.0"\n    },\n    "node_modules/a/node_modules/@s/b": {\n      "version": "2.0.0"\n    }\n  }\n}\n',
    ["npm @s/b 2.0.0 9"],
  ],
  [
    "pnpm-lock.yaml",
    "packages:\n\n  '@s/b@2.0.0':\n    resolution: {}\n\n  /c@1.0.0(d@2.0.0):\n    dev: true\n",
    ["npm @s/b 2.0.0 3", "npm c 1.0.0 6"],
  ],
  [
    "yarn.lock",
    '"@s/b@^2.0.0", "@s/b@~2.0.0":\n  version "2.0.1"\n\nc@1.x:\n  version "1.0.0"\n',
    ["npm @s/b 2.0.1 2", "npm c 1.0.0 5"],
  ],
  ["yarn.lock", '"c@npm:^1.0.0":\n  version: 1.2.0\n  resolution: "c@npm:1.2.0"\n', ["npm c 1.2.0 2"]],
  ["uv.lock", '[[package]]\nname = "a"\nversion = "1.0"\n', ["pip a 1.0 3"]],
  [
    "Pipfile.lock",
    '{\n    "default": {\n        "a": {\n            "version": "==1.0"\n        }\n    }\n}\n',
    ["pip a 1.0 4"],
  ],
  ["requirements-dev.txt", "a[x]==1.0 # why\n-r base.txt\nb>=2\n", ["pip a 1.0 1"]],
  ["Cargo.lock", '[[package]]\nname = "a"\nversion = "1.0.0"\n', ["rust a 1.0.0 3"]],
  [
    "go.mod",
    "module x\n\ngo 1.23\n\nrequire (\n\tgolang.org/x/net v0.33.0 // indirect\n)\n",
    ["go golang.org/x/net 0.33.0 6"],
  ],
  ["notes.txt", "a==1.0\n", []],
])("%s", (path, text, expected) => {
  expect(found(path, text)).toEqual(expected);
});

it("versions that the lockfile had before are not new", () => {
  const entry = (name: string, version: string) => `[[package]]\nname = "${name}"\nversion = "${version}"\n`;
  expect(found("uv.lock", entry("a", "1.0") + entry("b", "2.0"), entry("b", "1.0") + entry("a", "1.0"))).toEqual([
    "pip b 2.0 6",
  ]);
});
