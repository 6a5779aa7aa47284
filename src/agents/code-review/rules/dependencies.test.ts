import { describe, expect, it } from "vitest";
import { toPlain } from "../../../text/markdown.js";
import { checkRule, givenChange, type GivenFile, unmark } from "../given.js";
import { dependencyInstallScript } from "./dependency-install-script.js";
import { lockfileWithoutManifest } from "./lockfile-without-manifest.js";
import { manifestWithoutLockfile } from "./manifest-without-lockfile.js";
import type { Rule } from "./rule.js";

function matches(rule: Rule, files: readonly GivenFile[], lockfiles: readonly string[] = []) {
  return checkRule(rule, givenChange(files, {}, lockfiles)).map(({ path, line, says }) => ({
    path,
    line,
    says: toPlain(says),
  }));
}

const lock = (path: string): GivenFile => ({ path, before: "a\n", after: "b\n" });

describe("a lockfile on its own", () => {
  it.each([
    [[lock("package-lock.json")], ["package-lock.json"]],
    [[lock("web/yarn.lock"), { path: "api/package.json", before: "", after: "x\n" }], ["web/yarn.lock"]],
    [[lock("pnpm-lock.yaml"), { path: "packages/a/package.json", before: "", after: "x\n" }], []],
    [[lock("go.sum"), { path: "go.mod", before: "", after: "x\n" }], []],
    [[lock("poetry.lock")], ["poetry.lock"]],
    [[{ path: "yarn.lock", after: "new\n" }], []],
  ])("%j", (files, paths) => {
    expect(matches(lockfileWithoutManifest, files).map(({ path }) => path)).toEqual(paths);
  });
});

describe("a manifest without a change of its lockfile", () => {
  const manifest = (before: string, given: string, path = "package.json") => {
    const { text, lines } = unmark(given);
    return { file: { path, before, after: text }, lines };
  };
  const npm = '{\n  "version": "1.0.0",\n  "dependencies": {\n    "a": "1.0.0"\n  }\n}\n';

  it.each([
    [
      manifest(npm, npm.replace('"a": "1.0.0"', '"a": "1.0.0",\n▶    "@s/b": "^2.1.0"').replace("▶    ", "▶    ")),
      "package-lock.json",
    ],
    [manifest(npm, npm.replace('    "a": "1.0.0"', '▶    "a": "~1.1.0"')), "pnpm-lock.yaml"],
    [manifest(npm, npm.replace("1.0.0", "1.0.1")), "package-lock.json"],
    [manifest(npm, npm.replace("  }\n}", '  },\n  "scripts": { "test": "vitest" }\n}')), "package-lock.json"],
    [manifest("[project]\n", '[project]\ndependencies = [\n▶  "httpx>=0.27",\n]\n', "pyproject.toml"), "uv.lock"],
    [manifest("module x\n", "module x\n\n▶require github.com/a/b v1.2.3\n", "go.mod"), "go.sum"],
    [manifest("module x\n", "module x\n\ngo 1.23\n", "go.mod"), "go.sum"],
  ])("%j with %s", ({ file, lines }, lockfile) => {
    expect(matches(manifestWithoutLockfile, [file], [lockfile]).map(({ line }) => line)).toEqual(lines);
  });

  it("reports nothing if the repository has no lockfile, or it changed too", () => {
    const { file } = manifest(npm, npm.replace('"a": "1.0.0"', '"a": "2.0.0"'));
    expect(matches(manifestWithoutLockfile, [file])).toEqual([]);
    expect(matches(manifestWithoutLockfile, [file, lock("package-lock.json")], ["package-lock.json"])).toEqual([]);
    expect(matches(manifestWithoutLockfile, [file], ["other/package-lock.json"])).toEqual([]);
  });

  it("reports a removed dependency", () => {
    const { file } = manifest(npm, npm.replace('    "a": "1.0.0"\n', ""));
    expect(matches(manifestWithoutLockfile, [file], ["package-lock.json"]).map(({ line }) => line)).toEqual([null]);
  });
});

describe("a new package that runs a script at install", () => {
  it.each([
    [
      "package-lock.json",
      '{\n  "packages": {\n    "node_modules/@s/native": {\n      "version": "1.0.0",\n▶      "hasInstallScript": true\n    },\n    "node_modules/plain": { "version": "1.0.0" }\n  }\n}\n',
      ["@s/native runs a script when it is installed."],
    ],
    [
      "pnpm-lock.yaml",
      "packages:\n\n  '@s/native@1.0.0':\n    resolution: {}\n▶    requiresBuild: true\n\n  /esbuild@0.2.0:\n▶    requiresBuild: true\n",
      ["@s/native runs a script when it is installed.", "esbuild runs a script when it is installed."],
    ],
    ["other.json", '{\n  "hasInstallScript": true\n}\n', []],
  ])("in %s", (path, given, says) => {
    const { text, lines } = unmark(given);
    const found = matches(dependencyInstallScript, [{ path, after: text }]);
    expect(found.map(({ line }) => line)).toEqual(lines);
    expect(found.map((match) => match.says)).toEqual(says);
  });

  it("reports nothing about a package that had a script in another version", () => {
    const before = '{\n    "node_modules/a": {\n      "version": "1.0.0",\n      "hasInstallScript": true\n    }\n}\n';
    expect(
      matches(dependencyInstallScript, [
        { path: "package-lock.json", before, after: before.replace("1.0.0", "1.0.1") },
      ]),
    ).toEqual([]);
  });
});
