import { isScalar, type Document, visit } from "yaml";

export interface Duplicate {
  readonly name: string;
  /** Where the second one is. */
  readonly offset: number;
}

/** Names that a map has twice. Linear, where the parser would compare each name with all before it. */
export function duplicatesIn(document: Document.Parsed): readonly Duplicate[] {
  const found: Duplicate[] = [];
  visit(document, {
    Map(_key, { items }) {
      const seen = new Set<unknown>();
      for (const { key } of items) {
        const name = isScalar(key) ? key.value : key;
        if (seen.has(name)) found.push({ name: String(name), offset: isScalar(key) ? (key.range?.[0] ?? 0) : 0 });
        seen.add(name);
      }
    },
  });
  return found;
}
