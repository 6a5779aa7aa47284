import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { EXIT } from "../../src/cli/failure.js";
import { program } from "../../src/cli/program.js";
import { cli } from "../support/cli.js";

const commands = (await program(undefined)).commands;

describe("a wrong command line exits 64 and points to the help", () => {
  test.each(commands.map((command) => [command.name()]))("%s with an unknown option", async (name) => {
    const { code, stdout, stderr } = await cli([name, "--no-such-option"]);
    expect([code, stdout]).toEqual([64, ""]);
    expect(stderr).toMatch(/^error: (unknown option '--no-such-option'|required option .* not specified)$/m);
    expect(stderr).toContain(`companyos-github ${name} --help`);
  });

  test.each([
    ["an unknown command", ["stert"]],
    ["no command", []],
    ["a missing argument", ["explain"]],
    ["a missing option", ["export"]],
    ["a value of the wrong kind", ["health", "--installation", "acme"]],
    ["an argument too many", ["migrate", "now"]],
    ["an unknown command of a command", ["writes", "stop"]],
    ["a wrong choice", ["start", "--role", "both"]],
    ["an argument of the wrong form", ["repositories", "allow", "acme"]],
  ])("%s", async (_what, args) => {
    expect((await cli(args)).code).toBe(64);
  });
});

test("help and version exit 0", async () => {
  for (const args of [["--help"], ["help"], ["--version"], ["health", "--help"], ["writes", "pause", "--help"]])
    expect([args, (await cli(args)).code]).toEqual([args, 0]);
});

test("--help and docs/operations.md list every exit code", async () => {
  const { stdout } = await cli(["--help"]);
  const docs = readFileSync("docs/operations.md", "utf8");
  for (const code of Object.values(EXIT)) {
    expect(stdout).toMatch(new RegExp(`^ {2}${code} +\\w`, "m"));
    expect(docs).toMatch(new RegExp(`^\\| ${code} \\|`, "m"));
  }
});
