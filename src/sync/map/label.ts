import type { LabelBody } from "../../facts/label.js";
import type { LabelNode } from "../../github/queries/label.js";

/** Numeric ids of labels by their node ids. */
export type LabelNumbers = ReadonlyMap<string, number>;

/** The labels in the form of webhooks. A label without a number was deleted while the page was read. */
export function labelBodies(nodes: readonly LabelNode[], numbers: LabelNumbers): LabelBody[] {
  return nodes.flatMap((node) => {
    const id = numbers.get(node.id);
    const { name, color, description } = node;
    return id === undefined ? [] : [{ id, node_id: node.id, name, color, description: description || null }];
  });
}
