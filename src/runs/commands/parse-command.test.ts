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
  ["/hlep", "/hlep is not a command of this app"],
  ["/helpp", "meant help"],
  ["/deploy production abc1234", "deploy(production abc1234)"],
  ["/assign me", "/assign is not a command of this app"],
  ["/usr/bin/env node", "the first line of the comment is not a command"],
  ["please /review", "the first line of the comment is not a command"],
  ["> /review", "the first line of the comment is not a command"],
  ["@companyos /review", "review()"],
  ["@companyos review full", "review(full)"],
  ["@CompanyOS[bot] help", "help()"],
  ["@companyos revew", "meant review"],
  ["@companyos thanks a lot", "/thanks is not a command of this app"],
  ["    /review", "the first line of the comment is not a command"],
  ["\t/review", "the first line of the comment is not a command"],
  ["@companyos", "the first line of the comment is not a command"],
  ["@companyos-other review", "the first line of the comment is not a command"],
  ["@somebody /review", "the first line of the comment is not a command"],
  ["", "the first line of the comment is not a command"],
])("%j is %s", (body, expected) => {
  expect(parsed(body)).toBe(expected);
});

it("an App that does not know its name takes no mention", () => {
  expect(parseCommand("@companyos review", COMMANDS)).toMatchObject({ kind: "none" });
});
