import { expect, it } from "vitest";
import { AGENTS, commandsOf } from "../registry.js";
import { parseCommand } from "./parse-command.js";

const COMMANDS = commandsOf(AGENTS);

const parsed = (body: string) => {
  const result = parseCommand(body, COMMANDS, "companyos");
  if (result.kind === "command") return `${result.command.name}(${result.argument})`;
  return result.kind === "mistyped" ? `meant ${result.meant.name}` : result.reason;
};

it.each([
  ["/review", "review()"],
  ["  /Review full \r\nthanks", "review(full)"],
  ["/ignore   focused-test", "ignore(focused-test)"],
  ["/help\n/review", "help()"],
  ["/revew", "meant review"],
  ["/hlep", "/hlep is no command of this app"],
  ["/helpp", "meant help"],
  ["/deploy production", "/deploy is no command of this app"],
  ["/usr/bin/env node", "the comment's first line is no command"],
  ["please /review", "the comment's first line is no command"],
  ["> /review", "the comment's first line is no command"],
  ["@companyos /review", "review()"],
  ["@companyos review full", "review(full)"],
  ["@CompanyOS[bot] help", "help()"],
  ["@companyos revew", "meant review"],
  ["@companyos thanks a lot", "/thanks is no command of this app"],
  ["    /review", "the comment's first line is no command"],
  ["\t/review", "the comment's first line is no command"],
  ["@companyos", "the comment's first line is no command"],
  ["@companyos-other review", "the comment's first line is no command"],
  ["@somebody /review", "the comment's first line is no command"],
  ["", "the comment's first line is no command"],
])("%j is %s", (body, expected) => {
  expect(parsed(body)).toBe(expected);
});

it("an App that does not know its name takes no mention", () => {
  expect(parseCommand("@companyos review", COMMANDS)).toMatchObject({ kind: "none" });
});
