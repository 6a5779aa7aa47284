import { raw } from "hono/html";

// As much of GitHub's Markdown as the app writes: paragraphs, lists, bold, code, links, folded parts. Everything else is text.

type Html = ReturnType<typeof raw>;

const ESCAPES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

function escaped(text: string): string {
  return text.replaceAll(/[&<>"]/g, (character) => ESCAPES[character] ?? "");
}

/** A body as HTML. What is between backticks is code, and its markup is text. */
export function markdown(body: string): Html {
  const text = body.replaceAll(/<!--[^]*?-->/g, "").trim();
  const blocks = text.split(/(```[^]*?```)/).map((part) => (part.startsWith("```") ? fenced(part) : paragraphs(part)));
  return raw(blocks.join(""));
}

function fenced(part: string): string {
  const [info = "", ...lines] = part.slice(3, -3).split("\n");
  const title = info.trim() === "suggestion" ? '<div class="muted">Suggested change</div>' : "";
  return `${title}<pre>${escaped(lines.join("\n"))}</pre>`;
}

function paragraphs(part: string): string {
  return part
    .split(/\n{2,}/)
    .filter((block) => block.trim() !== "")
    .map((block) => {
      const lines = block.trim().split("\n");
      if (lines.every((line) => line.startsWith("- ")))
        return `<ul>${lines.map((line) => `<li>${inline(line.slice(2))}</li>`).join("")}</ul>`;
      return `<p>${lines.map(inline).join("<br>")}</p>`;
    })
    .join("");
}

const FOLDS = /&lt;(\/?(?:details|summary|sub))&gt;/g;

function inline(line: string): string {
  return line
    .split(/(`+[^`]+`+)/)
    .map((part) => {
      if (part.startsWith("`")) return `<code>${escaped(part.replaceAll("`", "").trim())}</code>`;
      return escaped(part)
        .replaceAll(FOLDS, "<$1>")
        .replaceAll(/\*\*([^*]+)\*\*/g, "<b>$1</b>")
        .replaceAll(/\[([^\]]+)\]\((https?:\/\/[^)\s]+)\)/g, '<a href="$2">$1</a>')
        .replaceAll(/\\([\\`*_{}[\]()#+.!|~$<>-])/g, "$1");
    })
    .join("");
}
