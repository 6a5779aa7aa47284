import { expect, it } from "vitest";
import { RULES } from "./registry.js";

it("each rule gives its reason in one sentence, so that a message has two", () => {
  const longer = RULES.filter(({ why }) => /[.!?]\)? +[A-Z`]/.test(why) || !why.endsWith("."));
  expect(longer.map(({ id }) => id)).toEqual([]);
});
