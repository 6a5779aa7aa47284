/**
 * Invisible or reordering characters: controls, zero-width characters, bidirectional overrides, tags, variation
 * selectors. They can make one text look like another.
 */
const INVISIBLE = /\p{Cc}|\p{Cf}|\p{Cs}|\p{Zl}|\p{Zp}|\p{Default_Ignorable_Code_Point}/gu;

/** One line with every invisible character written as its code point; cut at `most` characters. */
export function visible(text: string, most = 200): string {
  const cut = Array.from(text.slice(0, most * 2));
  const shown = cut
    .slice(0, most)
    .join("")
    .replaceAll(/[\t\n\r]+/g, " ")
    .replaceAll(INVISIBLE, codePoint);
  return cut.length > most || text.length > most * 2 ? `${shown}…` : shown;
}

/** Whether a text contains invisible characters other than tabs and line ends. */
export function hidesCharacters(text: string): boolean {
  return text.replaceAll(/[\t\n\r]/g, "").search(INVISIBLE) >= 0;
}

function codePoint(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
