import { cut } from "./cut.js";
import type { Said } from "./say.js";
import { visible } from "./visible.js";

/** A message as GitHub Markdown: the app's words unchanged, foreign text in code spans, operators' text as prose. */
export function toMarkdown(said: Said): string {
  return said.parts
    .map((part) => {
      if (typeof part === "string") return part;
      return "quoted" in part ? codeSpan(part.quoted) : prose(part.told);
    })
    .join("");
}

/** A message as plain text, for annotations and logs. */
export function toPlain(said: Said): string {
  return said.parts
    .map((part) => {
      if (typeof part === "string") return part.replaceAll("`", "");
      return "quoted" in part ? visible(part.quoted) : visible(part.told, 1_000);
    })
    .join("");
}

/**
 * Any text as a code span: GitHub creates no mentions, links, references, images or HTML from it. The fence is longer
 * than every run of backticks inside, so the text cannot end it.
 */
export function codeSpan(text: string, most = 200): string {
  const shown = visible(text, most);
  if (shown.trim() === "") return "(blank)";
  const fence = fenceFor(shown, 1);
  return fence.length > 1 || shown.startsWith(" ") ? `${fence} ${shown} ${fence}` : `${fence}${shown}${fence}`;
}

/** Any text as a code block with the given info word; lines are kept, and the end may be cut at `most` characters. */
export function codeBlock(text: string, info: string, most = 4_000): string {
  const shown = text
    .split(/\r?\n/)
    .map((line) => visible(line.replaceAll("\t", "    "), 500))
    .join("\n");
  return fenced(cut(shown, most), info);
}

/**
 * A suggestion that GitHub offers to commit. The text stays exact, so the caller must refuse text with hidden
 * characters.
 */
export function suggestionBlock(text: string): string {
  return text === "" ? "```suggestion\n```" : fenced(text, "suggestion");
}

/** Text of operators (settings): prose, with Markdown and GitHub syntax escaped. */
export function prose(text: string): string {
  return visible(text, 1_000)
    .replaceAll(/[\\`*_{}[\]()<>!|~$+=-]/g, "\\$&")
    .replaceAll("&", "&amp;")
    .replaceAll(/[@#:]/g, "$&\u200b")
    .replaceAll(/\b(www)\./gi, "$1\u200b.");
}

/** Keeps a body under GitHub's 65,536 characters; a note marks the cut. */
export function bounded(body: string, most = 60_000): string {
  return body.length <= most ? body : `${cut(body, most)}\n\n(cut: the text is too long for GitHub)`;
}

function fenced(text: string, info: string): string {
  const fence = fenceFor(text, 3);
  return `${fence}${info}\n${text}\n${fence}`;
}

function fenceFor(text: string, least: number): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  return "`".repeat(Math.max(least, longest + 1));
}
