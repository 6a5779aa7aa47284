import { beforeEach, describe, expect, it } from "vitest";
import { applyTo, issue } from "../../../test/store/facts.js";
import { withDatabase } from "../../../test/support/database.js";

const { store } = await withDatabase();
const { sql } = store;
const apply = applyTo(store);

beforeEach(() => sql.query("TRUNCATE issues, issue_labels, assignees"));

async function title(): Promise<unknown> {
  const [row] = await sql.query("SELECT title, deleted_at IS NOT NULL AS deleted FROM issues WHERE id = 1");
  return row?.["deleted"] === true ? `${String(row["title"])} (deleted)` : row?.["title"];
}

const labels = async () =>
  (await sql.query("SELECT label_id::int AS id FROM issue_labels ORDER BY 1")).map((row) => row["id"]);

describe("the monotonic upsert", () => {
  it("takes a newer content and leaves an older one", async () => {
    expect(await apply(issue("a", { second: 1 }))).toEqual(["inserted"]);
    expect(await apply(issue("c", { second: 3 }))).toEqual(["updated"]);
    expect(await apply(issue("b", { second: 2 }))).toEqual(["stale"]);
    expect(await title()).toBe("c");
  });

  it("calls the same content of the same second unchanged, and another one a tie", async () => {
    await apply(issue("a", { second: 1 }));
    expect(await apply(issue("a", { second: 1 }))).toEqual(["unchanged"]);
    expect(await apply(issue("b", { second: 1 }))).toEqual(["tie"]);
    expect(await title()).toBe("a");
  });

  it("lets a read settle a tie, and a later read an earlier one", async () => {
    await apply(issue("a", { second: 1 }));
    expect(await apply(issue("b", { second: 1, read: 5 }))).toEqual(["updated"]);
    expect(await apply(issue("c", { second: 1, read: 4 }))).toEqual(["stale"]);
    expect(await apply(issue("a", { second: 1 }))).toEqual(["tie"]);
    expect(await apply(issue("c", { second: 1, read: 6 }))).toEqual(["updated"]);
    expect(await title()).toBe("c");
  });

  it("remembers a read that saw the same content", async () => {
    await apply(issue("a", { second: 1 }));
    expect(await apply(issue("a", { second: 1, read: 5 }))).toEqual(["unchanged"]);
    expect(await apply(issue("b", { second: 1, read: 4 }))).toEqual(["stale"]);
    expect(await title()).toBe("a");
  });

  it("never restores a deleted row, whatever arrives late", async () => {
    await apply(issue("a", { second: 1 }));
    expect(await apply(issue("a", { second: 1, deleted: true }))).toEqual(["updated"]);
    expect(await apply(issue("a", { second: 1, deleted: true }))).toEqual(["unchanged"]);
    expect(await apply(issue("b", { second: 2 }))).toEqual(["stale"]);
    expect(await apply(issue("b", { second: 1, read: 9 }))).toEqual(["stale"]);
    expect(await title()).toBe("a (deleted)");
  });

  it("stores a deletion that comes first, with the state that it shows", async () => {
    expect(await apply(issue("last", { second: 4, deleted: true }))).toEqual(["inserted"]);
    expect(await apply(issue("earlier", { second: 3 }))).toEqual(["stale"]);
    expect(await title()).toBe("last (deleted)");
  });

  it("applies a deletion with an older version than the row, and keeps the row's newer content", async () => {
    await apply(issue("new", { second: 5 }));
    expect(await apply(issue("old", { second: 4, deleted: true }))).toEqual(["updated"]);
    expect(await title()).toBe("new (deleted)");
  });

  it("replaces child sets exactly when the parent's content won", async () => {
    await apply(issue("a", { second: 2 }, [1, 2]));
    await apply(issue("b", { second: 3 }, [2, 3]));
    expect(await labels()).toEqual([2, 3]);
    await apply(issue("c", { second: 1 }, [9]));
    expect(await apply(issue("b", { second: 3 }, [2]))).toEqual(["tie"]);
    expect(await labels()).toEqual([2, 3]);
    await apply(issue("b", { second: 3, read: 9 }, []));
    expect(await labels()).toEqual([]);
  });

  it("does not care about the order of a set", async () => {
    await apply(issue("a", { second: 2 }, [1, 2]));
    expect(await apply(issue("a", { second: 2 }, [2, 1]))).toEqual(["unchanged"]);
  });

  it("takes several facts of one row in one call", async () => {
    const results = await apply(issue("a", { second: 1 }), issue("c", { second: 3 }), issue("b", { second: 2 }));
    expect(results).toEqual(["inserted", "updated", "stale"]);
    expect(await title()).toBe("c");
  });

  it("ends in the newest row when many transactions write it at once", async () => {
    const seconds = Array.from({ length: 40 }, (_, index) => (index * 17) % 40);
    await Promise.all(seconds.map((second) => apply(issue(`title ${second}`, { second }, [second, second + 1]))));
    expect(await title()).toBe("title 39");
    expect(await labels()).toEqual([39, 40]);
  });
});
