import type { LabelBody } from "../../facts/label.js";
import type { LabelNode } from "../../github/queries/label.js";

/** Numbers of labels by their node ids. */
export type LabelNumbers = ReadonlyMap<string, number>;

/** The labels as webhooks show them. One without a number was deleted while the page was read: it is on nothing now. */
export function labelBodies(nodes: readonly LabelNode[], numbers: LabelNumbers): LabelBody[] {
  return nodes.flatMap((node) => {
    const id = numbers.get(node.id);
    const { name, color, description } = node;
    return id === undefined ? [] : [{ id, node_id: node.id, name, color, description: description || null }];
  });
}
