import { describe, expect, it } from "vitest";
import { searchFor, split, type Window } from "./windows.js";

const window: Window = { from: "2026-01-01T00:00:00Z", to: "2026-01-01T00:01:00Z", kind: "any" };

describe("a search window", () => {
  it("finds changes in the account, latest first", () => {
    expect(searchFor("acme", window)).toBe(
      "user:acme updated:2026-01-01T00:00:00Z..2026-01-01T00:01:00Z sort:updated-desc",
    );
    expect(searchFor("acme", { ...window, kind: "pr" })).toContain(" is:pr ");
  });

  it("is split without a second in between, or one twice", () => {
    expect(split(window)).toEqual([
      { ...window, from: "2026-01-01T00:00:31Z" },
      { ...window, to: "2026-01-01T00:00:30Z" },
    ]);
  });

  it("of two seconds becomes one each; one second is split by kind, and then no more", () => {
    const two = { ...window, to: "2026-01-01T00:00:01Z" };
    const [later, earlier] = split(two) ?? [];
    expect(later).toEqual({ ...window, from: "2026-01-01T00:00:01Z", to: "2026-01-01T00:00:01Z" });
    expect(earlier).toEqual({ ...window, to: "2026-01-01T00:00:00Z" });
    const [pulls, issues] = (earlier && split(earlier)) ?? [];
    expect([pulls?.kind, issues?.kind]).toEqual(["pr", "issue"]);
    expect(pulls && split(pulls)).toBeNull();
  });
});
