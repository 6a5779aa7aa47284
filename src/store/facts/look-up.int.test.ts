import { expect, it } from "vitest";
import { withDatabase } from "../../../test/support/database.js";
import type { Fact } from "../../facts/fact.js";
import type { Sql } from "../store.js";
import { applyFacts } from "./apply.js";

const { sql, transaction } = (await withDatabase()).store;

const AT = "2026-01-01T00:00:00.000Z";

const FACTS: readonly Fact[] = [
  { entity: "user", key: "octocat", row: { id: 9, node_id: "U_9", login: "octocat", type: "User", seen_at: AT } },
  {
    entity: "label",
    key: "bug",
    row: { id: 3, repository_id: 7, node_id: "L_3", name: "bug", color: "red", description: null, seen_at: AT },
  },
  {
    entity: "issue",
    key: "acme/one#1",
    observedAt: AT,
    deleted: false,
    row: {
      id: 1,
      repository_id: 7,
      node_id: null,
      number: 1,
      title: "a",
      body: null,
      state: "open",
      state_reason: null,
      locked: false,
      author_id: 9,
      author_login: "octocat",
      author_association: null,
      milestone: null,
      closed_at: null,
      created_at: AT,
      updated_at: AT,
      transferred_to: null,
    },
    sets: { labels: [{ label_id: 3, name: "bug" }], assignees: [{ user_id: 9, login: "octocat" }] },
  },
];

it("stores by the indexes, also with a plan that was made when the tables were empty", async () => {
  const texts: string[] = [];
  await transaction(async (tx) => {
    const recording: Sql = {
      query(text, values, name) {
        texts.push(text);
        return tx.query(text, values, name);
      },
    };
    await applyFacts(recording, FACTS, { installationId: 1n, now: new Date(AT) });
  });
  await sql.query("TRUNCATE issues, issue_labels, assignees, labels, users");
  expect(texts).toHaveLength(5);
  for (const text of texts) {
    const plan = await sql.query(`EXPLAIN (GENERIC_PLAN) ${text}`);
    const scans = plan.map((line) => String(line["QUERY PLAN"])).filter((line) => line.includes("Seq Scan on"));
    expect(scans, text).toEqual([]);
  }
});
