import { describe, expect, it } from "vitest";
import type { GitHubClient } from "../github/client.js";
import type { LabelNode } from "../github/queries/label.js";
import type { Sql } from "../store/store.js";
import { labelNumbers } from "./label-numbers.js";

const repository = { id: 7, nodeId: "R_x", owner: "acme", name: "shop" };
const known = `LA_${Buffer.from([0x93, 0, 0xce, 0, 0, 0, 7, 0xce, 0, 0, 0, 5]).toString("base64url")}`;
const node = (id: string): LabelNode => ({ id, name: "bug", color: "ffffff", description: null });

/** Rows and REST bodies by node id; says what was asked. */
function setting(rows: Readonly<Record<string, number>>, rest: Readonly<Record<string, number>>) {
  const asked: string[] = [];
  const sql: Sql = {
    async query() {
      asked.push("rows");
      return Object.entries(rows).map(([node_id, id]) => ({ node_id, id }));
    },
  };
  const client: GitHubClient = {
    rest: () => Promise.reject(new Error("no single call is made")),
    query: () => Promise.reject(new Error("GraphQL does not know")),
    async *pages(route) {
      asked.push(route);
      yield Object.entries(rest).map(([node_id, id]) => ({ id, node_id, name: "bug", color: "ffffff" }));
    },
  };
  return { asked, sql, client };
}

describe("the numbers of labels", () => {
  it("decodes numbers from node ids without a request", async () => {
    const given = setting({}, {});
    expect(await labelNumbers(given, repository, [node(known)])).toEqual(new Map([[known, 5]]));
    expect(given.asked).toEqual([]);
  });

  it("are looked up in the rows where an id has another form", async () => {
    const given = setting({ odd: 8 }, {});
    expect(await labelNumbers(given, repository, [node(known), node("odd")])).toEqual(
      new Map([
        [known, 5],
        ["odd", 8],
      ]),
    );
    expect(given.asked).toEqual(["rows"]);
  });

  it("asks REST once if no row has them; a deleted label has none", async () => {
    const given = setting({}, { odd: 8, strange: 9 });
    const numbers = await labelNumbers(given, repository, [node("odd"), node("strange"), node("deleted")]);
    expect([numbers.get("odd"), numbers.get("strange"), numbers.get("deleted")]).toEqual([8, 9, undefined]);
    expect(given.asked).toEqual(["rows", "GET /repos/{owner}/{repo}/labels"]);
  });
});
