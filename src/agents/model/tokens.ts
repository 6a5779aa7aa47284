/** At least as many as a tokenizer makes of source text. */
export function tokensIn(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / 2);
}
