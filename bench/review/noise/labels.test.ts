import { expect, it } from "vitest";
import { judge, readLabels, staleLabels } from "./labels.js";
import { readPackages } from "./packages.js";

it("there are 30 packages, each once, and each label is about one of them", () => {
  const names = readPackages().map(({ name }) => name);
  expect(names).toHaveLength(30);
  expect(new Set(names).size).toBe(30);
  expect(names).toEqual(expect.arrayContaining(readLabels().map((label) => label.package)));
});

it("a finding at another place than its label is not judged, and the label is stale", () => {
  const [label] = readLabels();
  if (!label) throw new Error("a label");
  const finding = { ...label, severity: "notice", source: "rule", says: { parts: [] }, why: null } as const;
  const rest = { endLine: null, quote: null, replacement: null, fingerprint: "" };
  const at = (line: number | null) => judge(label.package, [{ ...finding, ...rest, line }], [label]);
  expect(at(label.line)).toMatchObject([{ verdict: label.verdict }]);
  expect(staleLabels([label], at(label.line))).toEqual([]);
  expect(at(9_999)).toMatchObject([{ verdict: null }]);
  expect(staleLabels([label], at(9_999))).toHaveLength(1);
});
