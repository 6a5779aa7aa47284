import { expect, it } from "vitest";
import { givenChange, unmark } from "../given.js";
import { conflictMarker } from "./conflict-marker.js";
import { ruleOptions } from "./options.js";

it.each([
  ["all of them", "a\n▶<<<<<<< HEAD\nb\n▶||||||| base\n▶=======\nc\n▶>>>>>>> branch\n"],
  ["with Windows line ends", "▶<<<<<<< HEAD\r\nb\r\n▶=======\r\nc\r\n▶>>>>>>> x\r\n"],
  ["one that was left over", "a\n▶>>>>>>> 1a2b3c (Fix)\n"],
  ["a heading", "Title\n=======\n\ntext\n"],
  ["longer rows and other places", "<<<<<<<<< x\n  <<<<<<< HEAD\n>>>>>>>x\n"],
])("%s", (_name, given) => {
  const { text, lines } = unmark(given);
  const change = givenChange([{ path: "a.md", after: text }]);
  const matches = conflictMarker.check({ change, inspections: new Map(), options: ruleOptions.parse({}) });
  expect(matches.map(({ line }) => line)).toEqual(lines);
});
