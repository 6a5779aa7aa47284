import { editDistance } from "../../settings/closest.js";
import { firstLine } from "../../text/first-line.js";
import type { Command } from "./command.js";

export type ParsedCommand =
  | { readonly kind: "command"; readonly command: Command; readonly argument: string }
  /** Similar to a command of this app. */
  | { readonly kind: "mistyped"; readonly name: string; readonly meant: Command }
  | { readonly kind: "none"; readonly reason: string };

const COMMAND = /^\/([a-z][a-z-]{0,30})(?:[ \t]+(\S.{0,199}))?$/i;

/** The mentioned account, with or without a slash before the command. */
const MENTION = /^@([a-z\d][a-z\d-]{0,99})(?:\[bot\])?[ \t]+\/?/i;

/**
 * Parses a command, which must be the first line of a comment: `/review`, or `@<app> review`. Paths, code blocks and
 * the commands of other apps are ignored. `slug` is the App's name in addresses; null: unknown, and mentions are
 * ignored.
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
