/** The longest line, in characters, that can be a command. */
const LONGEST = 300;

/**
 * The first line of a comment that is not blank, without its indent. Null if it is a code block (indented by four
 * columns) or too long. Linear in the length of the comment.
 */
export function firstLine(body: string): string | null {
  let start = 0;
  let indent = 0;
  for (let at = 0; at < body.length; at += 1) {
    const character = body[at];
    if (character === "\n" || character === "\r") [start, indent] = [at + 1, 0];
    else if (character === "\t") indent += 4;
    else if (character !== undefined && isBlank(character)) indent += 1;
    else {
      start = at;
      break;
    }
  }
  if (indent >= 4) return null;
  const line = body.slice(start, start + LONGEST + 1).split(/[\r\n]/, 1)[0] ?? "";
  return line.length > LONGEST ? null : line.trimEnd();
}

function isBlank(character: string): boolean {
  return character.trim() === "";
}
