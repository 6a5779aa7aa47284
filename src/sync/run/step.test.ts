import { expect, it } from "vitest";
import { lengthOf } from "./step.js";

const first = { since: null, pages: 0, cursor: null, total: null };
const page = { total: 1_000 };

it.each([
  ["a list that is read as a whole", { stops: "older" }, first, 1_000],
  ["its later pages", { stops: "older" }, { ...first, pages: 1, cursor: "x", total: 1_000 }, 1_000],
  ["changes of a list that stops at older rows", { stops: "older" }, { ...first, since: new Date(0) }, null],
  ["changes of a list that stops at unchanged rows", { stops: "unchanged" }, { ...first, since: new Date(0) }, null],
  ["changes that GitHub counts itself", { stops: "never" }, { ...first, since: new Date(0) }, 1_000],
  ["a list that goes on where a run left it", { stops: "older" }, { ...first, cursor: "x" }, null],
  ["its later pages", { stops: "older" }, { ...first, pages: 1, cursor: "y" }, null],
] as const)("the total of %s", (_what, unit, cursor, total) => {
  expect(lengthOf(unit, cursor, page)).toBe(total);
});
