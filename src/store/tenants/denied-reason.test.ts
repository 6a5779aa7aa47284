import { describe, expect, it } from "vitest";
import { deniedReason } from "./denied-reason.js";

const lists = (allow: readonly string[], deny: readonly string[]) => ({
  allow_repositories: allow,
  deny_repositories: deny,
});

describe("an organisation's lists", () => {
  it.each([
    [[], [], null],
    [["acme/*"], [], null],
    [["acme/one"], [], null],
    [["ACME/ONE"], [], null],
    [["*/o*e"], [], null],
    [["acme/two"], [], "the organisation does not allow acme/one"],
    [["acme"], [], "the organisation does not allow acme/one"],
    [["*"], [], "the organisation does not allow acme/one"],
    [["acme/on."], [], "the organisation does not allow acme/one"],
    [[], ["acme/*"], "the organisation denies acme/one (acme/*)"],
    [["acme/one"], ["*/one"], "the organisation denies acme/one (*/one)"],
  ])("allow %j, deny %j", (allow, deny, reason) => {
    expect(deniedReason("acme/one", lists(allow, deny))).toBe(reason);
  });
});
