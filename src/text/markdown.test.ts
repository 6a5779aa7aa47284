import { describe, expect, it } from "vitest";
import { bounded, codeBlock, codeSpan, prose, suggestionBlock, toMarkdown, toPlain } from "./markdown.js";
import { list, say } from "./say.js";

describe("a code span", () => {
  it.each([
    ["plain", "`plain`"],
    ["@octocat/team", "`@octocat/team`"],
    ["a`b", "`` a`b ``"],
    ["``` `` `", "```` ``` `` ` ````"],
    ["`", "`` ` ``"],
    [" padded ", "`  padded  `"],
    ["two\nlines\r\n\tx", "`two lines x`"],
    ["", "(blank)"],
    [" \n ", "(blank)"],
    ["a\u202eb\u200bc", "`a\\u{202e}b\\u{200b}c`"],
    ["\u{e0041}", "`\\u{e0041}`"],
  ])("of %j", (text, expected) => {
    expect(codeSpan(text)).toBe(expected);
  });

  it("is cut, by characters and not by halves of them", () => {
    expect(codeSpan("🙂".repeat(9), 3)).toBe("`🙂🙂🙂…`");
    expect(codeSpan("x".repeat(1_000_000), 5)).toBe("`xxxxx…`");
  });
});

describe("a message", () => {
  const hostile = "@team ![x](https://evil.test) <img src=x>";

  it("keeps other people's words in code spans, through nesting", () => {
    const inner = say`the name ${hostile}`;
    expect(toMarkdown(say`**Ours:** ${inner}, ${3} times`)).toBe(`**Ours:** the name \`${hostile}\`, 3 times`);
  });

  it("is plain for annotations", () => {
    expect(toPlain(say`use \`x\` and ${"a`b\u0007"}`)).toBe("use x and a`b\\u{7}");
  });

  it("lists the first names and counts the rest", () => {
    expect(toMarkdown(list(["a", "b", "c"], 2))).toBe("`a`, `b` and 1 more");
  });
});

describe("blocks", () => {
  it("have a fence that their text cannot close", () => {
    expect(codeBlock("```\nout", "text")).toBe("````text\n```\nout\n````");
    expect(suggestionBlock("a ```` b")).toBe("`````suggestion\na ```` b\n`````");
  });

  it("keep lines, and show invisible characters", () => {
    expect(codeBlock("\ta\u202e\nb", "")).toBe("```\n    a\\u{202e}\nb\n```");
  });

  it("an empty suggestion removes the line", () => {
    expect(suggestionBlock("")).toBe("```suggestion\n```");
  });
});

describe("prose of operators", () => {
  it.each([
    ["ask @octocat", "ask @\u200boctocat"],
    ["see #12", "see #\u200b12"],
    ["https://x.test", "https:\u200b//x.test"],
    ["www.x.test", "www\u200b.x.test"],
    ["<b>&amp;", "\\<b\\>&amp;amp;"],
    ["[a](b) *c* `d`", "\\[a\\]\\(b\\) \\*c\\* \\`d\\`"],
    [":shipit:", ":\u200bshipit:\u200b"],
  ])("disarms %s", (text, expected) => {
    expect(prose(text)).toBe(expected);
  });
});

it("cuts a body and marks the cut", () => {
  expect(bounded("abc", 10)).toBe("abc");
  expect(bounded("x".repeat(20), 10)).toMatch(/^x{10}\n\n\(cut/);
});
