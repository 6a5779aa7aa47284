import { expect, it } from "vitest";
import { checkRule, givenChange, unmark } from "../given.js";
import { conflictMarker } from "./conflict-marker.js";

it.each([
  ["all of them", "a\n▶<<<<<<< HEAD\nb\n▶||||||| base\n▶=======\nc\n▶>>>>>>> branch\n"],
  ["with Windows line ends", "▶<<<<<<< HEAD\r\nb\r\n▶=======\r\nc\r\n▶>>>>>>> x\r\n"],
  ["one that was left over", "a\n▶>>>>>>> 1a2b3c (Fix)\n"],
  ["a heading", "Title\n=======\n\ntext\n"],
  ["longer rows and other places", "<<<<<<<<< x\n  <<<<<<< HEAD\n>>>>>>>x\n"],
])("%s", (_name, given) => {
  const { text, lines } = unmark(given);
  const change = givenChange([{ path: "a.md", after: text }]);
  const matches = checkRule(conflictMarker, change);
  expect(matches.map(({ line }) => line)).toEqual(lines);
});
