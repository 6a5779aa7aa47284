/** The text, cut to at most `most` UTF-16 units, never inside a character. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  return text.slice(0, endsInside(text, most) ? most - 1 : most);
}

/** The text, cut to at most `most` bytes of UTF-8, never inside a character. */
export function cutBytes(text: string, most: number): string {
  // A unit has at most three bytes, so most texts are known to be short enough without encoding.
  if (text.length * 3 <= most) return text;
  const bytes = Buffer.from(text, "utf8");
  if (bytes.length <= most) return text;
  let end = Math.max(0, most);
  // A byte of the form 10xxxxxx continues a character.
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.toString("utf8", 0, end);
}

function endsInside(text: string, at: number): boolean {
  return isHigh(text.charCodeAt(at - 1)) && isLow(text.charCodeAt(at));
}

const isHigh = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;
const isLow = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;
