import { isScalar, type Document, visit } from "yaml";

export interface Duplicate {
  readonly name: string;
  /** The position of the second one. */
  readonly offset: number;
}

/** Names that appear twice in a map. Linear, while the parser would compare each name with all earlier ones. */
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
