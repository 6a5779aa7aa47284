import { expect, test } from "vitest";
import { isOurs } from "./author.js";
import { fit, hasIntent, hasTarget, isAsStamped, LONGEST_BODY, stamp } from "./marker.js";

const mark = { intent: "a".repeat(64), target: "#3/comment:review" };

test("a stamped body shows its text and carries both marks", () => {
  const body = stamp("Hello", mark);
  expect(body.startsWith("Hello\n\n<!-- ")).toBe(true);
  expect(body).toContain(`<!-- companyos:intent=${mark.intent} -->`);
  expect(hasIntent(body, mark)).toBe(true);
  expect(hasTarget(body, mark)).toBe(true);
  expect(hasIntent(body, { ...mark, intent: "b".repeat(64) })).toBe(false);
  expect(hasTarget(body, { ...mark, target: "#3/comment:triage" })).toBe(false);
});

test("disarms marks quoted from elsewhere", () => {
  const other = { intent: "b".repeat(64), target: "#4/comment:x" };
  const body = stamp(`someone wrote ${stamp("x", other)}`, mark);
  expect(hasIntent(body, other)).toBe(false);
  expect(hasTarget(body, other)).toBe(false);
});

test.each([
  ["once", "<!-- companyos:"],
  ["in itself", "<!-- companyos:companyos:"],
  ["around itself", "<!-- com<!-- companyos:panyos:"],
  ["again and again", "<!-- companyos:".repeat(3)],
  ["in the middle of itself", "<!-- <!-- companyos:companyos:"],
])("no text makes a mark, written %s", (_how, beginning) => {
  const body = stamp(`${beginning}intent=${"b".repeat(64)} -->`, mark);
  expect(hasIntent(body, { ...mark, intent: "b".repeat(64) })).toBe(false);
  expect(hasIntent(body, mark)).toBe(true);
});

test("recognises stamped text: with another story, with CRLF, and when cut; never with an added word", () => {
  const told = { ...mark, storyUrl: "https://app.test/story/acme/site/3" };
  for (const body of ["Hello\n\nthere", "x".repeat(LONGEST_BODY)])
    for (const written of [stamp(body, mark), stamp(body, told), stamp(body, told).replaceAll("\n", "\r\n")]) {
      expect(isAsStamped(written, body, mark)).toBe(true);
      expect(isAsStamped(`${written} Edited.`, body, mark)).toBe(false);
      expect(isAsStamped(`Edited. ${written}`, body, mark)).toBe(false);
    }
  expect(isAsStamped(stamp("Hello", mark), "Hello there", mark)).toBe(false);
});

test("a long body is cut, never its marks", () => {
  const body = stamp("x".repeat(LONGEST_BODY), mark);
  expect(body.length).toBeLessThanOrEqual(LONGEST_BODY);
  expect(hasIntent(body, mark)).toBe(true);
  expect(body).toContain("(cut here");
});

test("no half of a character is left where it is cut", () => {
  const cut = fit("😀".repeat(100), 100);
  expect(cut.length).toBeLessThanOrEqual(100);
  expect(cut).toBe(Buffer.from(cut, "utf8").toString("utf8"));
});

test.each([
  ["our bot", { user: { login: "CompanyOS[bot]", type: "Bot" } }, true],
  [
    "our bot, through our App",
    { user: { login: "companyos[bot]", type: "Bot" }, performed_via_github_app: { id: 1 } },
    true,
  ],
  [
    "through another App",
    { user: { login: "companyos[bot]", type: "Bot" }, performed_via_github_app: { id: 2 } },
    false,
  ],
  ["a person of that name", { user: { login: "companyos[bot]", type: "User" } }, false],
  ["somebody else", { user: { login: "mallory", type: "User" } }, false],
  ["a ghost", { user: null }, false],
])("written by %s: %o → %s", (_name, written, ours) => {
  expect(isOurs(written, { appId: 1n, login: "companyos[bot]" })).toBe(ours);
});
