/** Foreign text may contain control and format characters that would control a terminal. */
export function plain(line: string): string {
  return line.replace(/[\p{Cc}\p{Cf}]/gu, "\uFFFD");
}
