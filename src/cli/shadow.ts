import { Command } from "commander";
import { GoneError } from "../errors.js";
import { findRepositoryNamed } from "../store/repositories/find-repository.js";
import { type ShadowReport, shadowReport } from "../store/reviews/shadow-report.js";
import { loadConfig, withStore } from "./open.js";
import { renderTable } from "./table.js";

export function shadowCommand(): Command {
  return new Command("shadow")
    .description("compare the findings of reviews in shadow mode with what happened to the pull requests")
    .argument("[repository]", "owner/name; default: all of them")
    .option("--json", "print the report as JSON")
    .action(async (repository: string | undefined, options: { json?: true }) => {
      await withStore(await loadConfig(), async ({ sql }, _url, where) => {
        if (repository !== undefined && !(await findRepositoryNamed(sql, repository)))
          throw new GoneError(`No repository '${repository}' is stored in ${where}.`);
        const report = await shadowReport(sql, repository ?? null);
        process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : renderShadow(report));
      });
    });
}

function renderShadow({ rules, checks }: ShadowReport): string {
  if (checks.length === 0)
    return "No review ran in shadow mode yet. Switch it on with `shadow: true` in .github/companyos.yml.\n";
  const { columns } = process.stdout;
  const byRule = renderTable(
    ["rule", "findings", "fixed anyway", "merged with it", "open or closed"],
    rules.map(({ rule, found, fixed, merged, open }) => [rule, ...[found, fixed, merged, open].map(String)]),
    { columns, right: [1, 2, 3, 4], compact: true },
  );
  const byCheck = renderTable(
    ["our check", "reviewers", "pull requests"],
    checks.map(({ check, people, count }) => [check, people.replaceAll("_", " "), String(count)]),
    { columns, right: [2], compact: true },
  );
  return `${byRule}\n${byCheck}\n`;
}
