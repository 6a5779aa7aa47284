import { expect, it } from "vitest";
import { completenessOf, readForm } from "./form.js";
import { featuresOf } from "./features.js";
import { severityOf } from "./severity.js";
import { bareTitle, boilerplateOf, strip, textHash, words } from "./text.js";

it.each([
  ["[Bug] It fails", "It fails"],
  ["[Bug][UI]  It fails", "It fails"],
  ["bug: It fails", "It fails"],
  ["Feature - a button", "a button"],
  ["Bug", "Bug"],
  ["[Bug]", "[Bug]"],
  ["", ""],
])("takes the prefix off %j", (title, bare) => {
  expect(bareTitle(title)).toBe(bare);
});

it("removes lines of templates, and keeps the author's text", () => {
  const bodies = Array.from(
    { length: 20 },
    (_, index) => `### Steps to reproduce\n<!-- write here -->\nword${index} happens\n`,
  );
  const boilerplate = boilerplateOf(bodies);
  expect(strip(bodies[3] ?? "", boilerplate).trim()).toBe("word3 happens");
});

it("features name words, pairs, the first word and the structure", () => {
  const features = featuresOf({ title: "How to export?", body: "```\nx\n```\n1. one\nversion 1.2.3" }, new Set());
  for (const name of ["t:how", "t:how to", "first:how", "s:fence", "s:list", "s:version", "s:question title"])
    expect([...features.keys()]).toContain(name);
});

it.each([
  ["one long word", "a".repeat(60_000)],
  ["open comments", "<!--".repeat(15_000)],
  ["brackets", "[".repeat(60_000)],
  ["headings", "# ".repeat(30_000)],
  ["spaces", " ".repeat(60_000)],
  ["lost data words", "lost ".repeat(12_000)],
  ["surrogates", "\ud83d".repeat(60_000)],
])("reads 60,000 characters of %s in linear time", (_, body) => {
  const issue = { title: body, body };
  const began = performance.now();
  featuresOf(issue, boilerplateOf([body]));
  severityOf(issue);
  completenessOf(body, []);
  textHash(issue);
  words(body);
  expect(performance.now() - began).toBeLessThan(1_000);
});

it.each([
  ["XSS in the search field", "", ["security"], true],
  ["Weird", "A vulnerability: CVE-2026-12345", ["security"], true],
  ["Weird", "no vulnerability was found", ["security"], false],
  ["The app crashes", "It used to work in 1.2", ["regression", "crash"], false],
  ["Save", "It lost all my files", ["data loss"], false],
  ["Typo", "There is a typo", [], false],
])("hints for %j, %j", (title, body, hints, likely) => {
  expect(severityOf({ title, body })).toEqual({ hints, likelySecurityReport: likely });
});

const FORM = `name: Bug
labels: [bug, triage]
body:
  - type: markdown
    attributes: { value: Hello }
  - type: input
    attributes: { label: Version }
    validations: { required: true }
  - type: textarea
    attributes: { label: Steps to reproduce }
    validations: { required: true }
  - type: textarea
    attributes: { label: Logs }
`;

it("names the required fields of a form that are empty, and no others", () => {
  const read = readForm(".github/ISSUE_TEMPLATE/bug.yml", FORM);
  const forms = "form" in read ? [read.form] : [];
  expect(forms).toMatchObject([{ labels: ["bug", "triage"], required: ["Version", "Steps to reproduce"] }]);
  const body = "### Version\n\n_No response_\n\n### Steps to reproduce\n\nClick.\n\n### Logs\n\n_No response_\n";
  expect(completenessOf(body, forms)?.missing).toEqual(["Version"]);
  expect(completenessOf(body.replace("_No response_", "2.0"), forms)?.missing).toEqual([]);
  expect(completenessOf("It does not work", forms)).toBeNull();
});

it.each(["name: [", "- a", "name: x", "", "a".repeat(200_000)])("an invalid form is a problem: %.20j", (text) => {
  expect(readForm("bug.yml", text)).toHaveProperty("problem");
});
