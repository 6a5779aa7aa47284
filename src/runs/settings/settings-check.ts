import { cut } from "../../text/cut.js";
import type { RepositoryRef } from "../../domain.js";
import type { Annotation, Effect } from "../../effects/effect.js";
import { type FileProblems, type ReadSettings, SETTINGS_PATH } from "./read-settings.js";

export const SETTINGS_CHECK = "companyos / settings";

/** One neutral check for all problems, each at its line. */
export function settingsCheck(
  repository: RepositoryRef,
  headSha: string,
  { problems, instead }: ReadSettings,
): readonly Effect[] {
  if (problems.length === 0) return [];
  const count = countOf(problems.reduce((sum, file) => sum + file.problems.length, 0));
  return [
    {
      kind: "check-run",
      repository,
      occasion: headSha,
      reason: `the settings have ${count}`,
      name: SETTINGS_CHECK,
      headSha,
      status: "completed",
      conclusion: "neutral",
      title: `${count} in the settings`,
      summary: [`Until they are mended, ${instead} hold.`, problems.flatMap(linesOf).slice(0, 100).join("\n")].join(
        "\n\n",
      ),
      annotations: problems.flatMap(annotationsOf),
    },
  ];
}

/** Who sees this repository need not see the other: of its file only the number of problems is told. */
function linesOf({ file, own, problems }: FileProblems): readonly string[] {
  if (!own) return [`- ${code(file)} has ${countOf(problems.length)}`];
  return problems.map(({ line, setting, problem }) => `- ${code(`${file}:${line}`)} ${code(setting)} ${code(problem)}`);
}

function countOf(problems: number): string {
  return `${problems} ${problems === 1 ? "problem" : "problems"}`;
}

function annotationsOf({ own, problems }: FileProblems): readonly Annotation[] {
  if (!own) return [];
  return problems.map(({ line, setting, problem }) => ({
    path: SETTINGS_PATH,
    startLine: line,
    endLine: line,
    level: "warning",
    title: "Settings",
    message: setting === "" ? problem : `${setting}: ${problem}`,
  }));
}

function code(text: string): string {
  return text === "" ? "" : `\`${cut(text.replaceAll("`", "'").replaceAll(/\s+/g, " "), 300)}\``;
}
