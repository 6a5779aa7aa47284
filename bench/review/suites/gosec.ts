import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Suite, SuiteCase } from "./suite.js";

/** gosec's samples of SQL that is put together by a format or a sum, and those that it calls harmless. */
export const gosec: Suite = {
  name: "securego/gosec G201 and G202",
  rules: ["sql-injection"],
  leastRecall: 0.9,
  mostFalse: 0.02,
  cases: (folder) =>
    ["g201", "g202"].flatMap((id) => {
      const file = join(folder, "testutils", `${id}_samples.go`);
      return existsSync(file) ? casesIn(readFileSync(file, "utf8"), id.toUpperCase()) : [];
    }),
};

/** Harmless to G201, which is about formats, and G202's question: it is bad to the rule that asks both. */
const OTHER_SAMPLE = /os\.Args\[1\] \/\/ concat, no %/;

/** `{[]string{`…`, `…`}, 1, …}`: files of a package, and how many findings are expected of it. */
function casesIn(source: string, group: string): readonly SuiteCase[] {
  return [...source.matchAll(/\[\]string\{((?:\s*`[^`]*`,?)+)\s*\},\s*(\d+)/g)].map(([, texts = "", count], index) => ({
    group,
    file: {
      path: "internal/store.go",
      after: [...texts.matchAll(/`([^`]*)`/g)].map(([, text = ""]) => text).join("\n"),
    },
    bad: count === "0" && !OTHER_SAMPLE.test(texts) ? [] : ("any" as const),
    note: `${group} sample ${index + 1}`,
  }));
}
