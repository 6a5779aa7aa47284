import { expect, it } from "vitest";
import type { Layer } from "../../../settings/parse.js";
import { sectionOf } from "../../../settings/section.js";
import { BOOK } from "../given.js";
import { RULES } from "../rules/registry.js";
import { ruleSettings } from "./rule-settings.js";
import { REVIEW } from "./settings.js";

function layer(text: string): Layer {
  const parsed = BOOK.parse(text);
  if (!parsed.layer) throw new Error(JSON.stringify(parsed.problems));
  return parsed.layer;
}

function settingsOf(organisation: string, file: string): readonly string[] {
  const layers = [layer(organisation), layer(file)] as const;
  return ruleSettings(sectionOf(BOOK.merge(...layers), REVIEW), [
    ["organisation", layers[0]],
    ["file", layers[1]],
  ]).map(({ rule, paths, level, setBy, effect }) => [rule, level, setBy, effect, ...paths].join(" "));
}

it("names the layer that sets each rule, with rules of the settings and parts of the repository", () => {
  const settings = settingsOf(
    `review:
  rules: { secret: warning, missing-test: notice }
  customRules: { shared: { message: x, line: y, severity: failure } }
`,
    `review:
  rules: { missing-test: failure, custom/gone: warning }
  paths: [{ match: ["docs/**"], rules: { secret: off } }]
`,
  );
  expect(settings).toHaveLength(RULES.length + 3);
  expect(settings).toEqual(
    expect.arrayContaining([
      "secret warning organisation rule",
      "missing-test failure file rule",
      "debugger-statement failure default rule",
      "oversized-pull-request off default rule",
      "custom/shared failure organisation rule",
      "custom/gone warning file none",
      "secret off file rule docs/**",
    ]),
  );
});
