import { expect, it } from "vitest";
import { isForged, mayAdminister, mayRead, SCOPES, scopeOf, type Viewer } from "./viewer.js";

const member: Viewer = {
  kind: "user",
  login: "monalisa",
  userId: 1n,
  avatarUrl: null,
  installations: [
    { id: 1n, account: "acme", role: "admin", repositories: "all" },
    { id: 2n, account: "globex", role: "member", repositories: new Set([20n]) },
  ],
  operator: false,
  csrf: "the-token-of-this-session",
  scopes: new Set(SCOPES),
};

it.each([
  [1n, null, true],
  [1n, 10n, true],
  [2n, null, true],
  [2n, 20n, true],
  [2n, 21n, false],
  [3n, null, false],
  [3n, 20n, false],
  [null, null, false],
])("reads installation %s, repository %s: %s", (installation, repository, allowed) => {
  expect(mayRead(member, installation, repository)).toBe(allowed);
});

it("allows only an account's admin to change the installation's data", () => {
  expect([1n, 2n, 3n, null].map((id) => mayAdminister(member, id))).toEqual([true, false, false, false]);
  expect(mayAdminister({ ...member, operator: true }, null)).toBe(true);
});

it("limits an API token to its scopes", () => {
  const reading: Viewer = { ...member, kind: "api-token", scopes: new Set(["read"]) };
  expect([mayRead(reading, 1n), mayAdminister(reading, 1n)]).toEqual([true, false]);
  const writing: Viewer = { ...reading, scopes: new Set(["write"]) };
  expect([mayRead(writing, 1n), scopeOf(writing).installations]).toEqual([false, []]);
});

it("refuses a write without the session's CSRF token", () => {
  expect([null, "", "another", "the-token-of-this-session"].map((given) => isForged(member, given))).toEqual([
    true,
    true,
    true,
    false,
  ]);
  expect(isForged({ ...member, csrf: "" }, null)).toBe(false);
});
