import { editDistance } from "../../settings/closest.js";
import { firstLine } from "../../text/first-line.js";
import type { Command } from "./command.js";

export type ParsedCommand =
  | { readonly kind: "command"; readonly command: Command; readonly argument: string }
  /** Nearly one of ours. */
  | { readonly kind: "mistyped"; readonly name: string; readonly meant: Command }
  | { readonly kind: "none"; readonly reason: string };

const COMMAND = /^\/([a-z][a-z-]{0,30})(?:[ \t]+(\S.{0,199}))?$/i;

/** The account that is spoken to, with or without the slash behind it. */
const MENTION = /^@([a-z\d][a-z\d-]{0,99})(?:\[bot\])?[ \t]+\/?/i;

/**
 * A command is the first line of a comment: `/review`, or `@<app> review`. A path, a block of code or the command of
 * another app is no command. `slug` is the App's name in addresses; null: it is not known, and mentions give no commands.
 */
export function parseCommand(body: string, commands: readonly Command[], slug: string | null = null): ParsedCommand {
  const line = firstLine(body) ?? "";
  const mention = MENTION.exec(line);
  const isOurs = mention !== null && slug !== null && mention[1]?.toLowerCase() === slug.toLowerCase();
  const match = COMMAND.exec(isOurs ? `/${line.slice(mention[0].length)}` : line);
  if (!match) return { kind: "none", reason: "the first line of the comment is not a command" };
  const name = (match[1] ?? "").toLowerCase();
  const command = commands.find((each) => each.name === name);
  if (command) return { kind: "command", command, argument: (match[2] ?? "").trim() };
  const meant = commands.find((each) => editDistance(name, each.name) <= (each.name.length > 4 ? 2 : 1));
  if (meant) return { kind: "mistyped", name, meant };
  return { kind: "none", reason: `/${name} is not a command of this app` };
}
