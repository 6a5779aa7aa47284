/** An upper bound of the tokens of source text. */
export function tokensIn(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / 2);
}
