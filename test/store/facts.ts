import type { Fact, IssueFact } from "../../src/facts/fact.js";
import { applyFacts } from "../../src/store/facts/apply.js";
import type { Store } from "../../src/store/store.js";

export const NOW = new Date("2026-02-01T00:00:00Z");

export const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();

export interface Version {
  readonly second: number;
  readonly read?: number;
  readonly deleted?: boolean;
}

export function issue(title: string, { second, read, deleted }: Version, labels: readonly number[] = []): IssueFact {
  return {
    entity: "issue",
    key: "acme/one#1",
    observedAt: read === undefined ? null : at(read),
    deleted: deleted ?? false,
    row: {
      id: 1,
      repository_id: 7,
      node_id: null,
      number: 1,
      title,
      body: null,
      state: "open",
      state_reason: null,
      locked: false,
      author_id: null,
      author_login: null,
      author_association: null,
      milestone: null,
      closed_at: null,
      created_at: at(0),
      updated_at: at(second),
      transferred_to: null,
    },
    sets: { labels: labels.map((id) => ({ label_id: id, name: `label ${id}` })), assignees: [] },
  };
}

/** Stores facts as a delivery to installation 1 brings them; says what became of each. */
export const applyTo =
  (store: Store) =>
  async (...facts: readonly Fact[]): Promise<readonly string[]> => {
    const applied = await store.transaction((tx) => applyFacts(tx, facts, { installationId: 1n, now: NOW }));
    return applied.map(({ result }) => result);
  };
