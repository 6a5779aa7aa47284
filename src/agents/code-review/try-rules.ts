import type { SettingsProblem } from "../../settings/parse.js";
import type { PositionOf } from "../../settings/position.js";
import type { ChangedFile } from "./change.js";
import { queryOf } from "./inspect-change.js";
import type { Inspector } from "./inspect/inspector.js";
import type { InspectRequest } from "./inspect/protocol.js";
import { LANGUAGES } from "./languages.js";
import { ruleOptions } from "./rules/options.js";
import type { ReviewSettings } from "./settings/settings.js";

type Queries = InspectRequest["queries"];

/** Tries the custom rules on an empty text; a rule that a parser rejects is a problem of the settings file. */
export async function tryRules(
  inspector: Inspector,
  settings: ReviewSettings,
  positionOf: PositionOf,
): Promise<readonly SettingsProblem[]> {
  const all = queriesIn(settings);
  const refused = new Map<string, SettingsProblem>();
  for (const language of LANGUAGES) {
    const queries = all.filter(({ query }) => query.languages.includes(language));
    if (queries.length === 0) continue;
    const { answer } = await inspector.inspect({ ...NOTHING, language, queries });
    for (const { rule } of answer.refused) {
      const path = ["review", "customRules", rule.slice(rule.indexOf("/") + 1)];
      const problem = `the ${language} parser rejects this pattern or rule`;
      if (!refused.has(rule)) refused.set(rule, { ...positionOf(path), setting: path.join("."), problem });
    }
  }
  return [...refused.values()].toSorted((a, b) => a.line - b.line);
}

const FILE: ChangedFile = {
  path: "settings",
  previousPath: null,
  status: "added",
  kind: "file",
  oldMode: null,
  newMode: "100644",
  binary: false,
  hunks: [],
  truncated: false,
  text: "",
  baseText: null,
  size: 0,
  undisplayed: false,
};
const NOTHING = { file: FILE, lines: [], own: [], exports: false, hashKey: "", options: ruleOptions.parse({}) };

function queriesIn({ customRules }: ReviewSettings): Queries {
  return Object.entries(customRules).flatMap(([name, rule]) => queryOf(name, rule));
}
