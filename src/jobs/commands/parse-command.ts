import { editDistance } from "../../agents/settings/closest.js";
import type { Command } from "./command.js";

export type ParsedCommand =
  | { readonly kind: "command"; readonly command: Command; readonly argument: string }
  /** Nearly one of ours. */
  | { readonly kind: "mistyped"; readonly name: string; readonly meant: Command }
  | { readonly kind: "none"; readonly because: string };

const FIRST_LINE = /^\s*\/([a-z][a-z-]{0,30})(?:[ \t]+([^\r\n]{0,200}))?[ \t]*(?:[\r\n]|$)/i;

/** A command is the first line of a comment. A path, or a command of somebody else's, is none of ours. */
export function parseCommand(body: string, commands: readonly Command[]): ParsedCommand {
  const match = FIRST_LINE.exec(body);
  if (!match) return { kind: "none", because: "the comment's first line is no command" };
  const name = (match[1] ?? "").toLowerCase();
  const command = commands.find((each) => each.name === name);
  if (command) return { kind: "command", command, argument: (match[2] ?? "").trim() };
  const meant = commands.find((each) => editDistance(name, each.name) <= (each.name.length > 4 ? 2 : 1));
  if (meant) return { kind: "mistyped", name, meant };
  return { kind: "none", because: `/${name} is no command of this app` };
}
