import Table from "cli-table3";
import { Command } from "commander";
import { GoneError } from "../errors.js";
import { findRepositoryNamed } from "../store/repositories/find-repository.js";
import { type ShadowReport, shadowReport } from "../store/reviews/shadow-report.js";
import { loadConfig, withStore } from "./open.js";

export function shadowCommand(): Command {
  return new Command("shadow")
    .description("compare what reviews in shadow mode would have said with what became of it")
    .argument("[repository]", "owner/name; default: all of them")
    .option("--json", "print the report as JSON")
    .action(async (repository: string | undefined, options: { json?: true }) => {
      await withStore(await loadConfig(), async ({ sql }) => {
        if (repository !== undefined && !(await findRepositoryNamed(sql, repository)))
          throw new GoneError(`no repository '${repository}' is stored`);
        const report = await shadowReport(sql, repository ?? null);
        process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : renderShadow(report));
      });
    });
}

function renderShadow({ rules, checks }: ShadowReport): string {
  if (checks.length === 0)
    return "Nothing was reviewed in shadow. It is switched on by `shadow: true` in .github/companyos.yml.\n";
  const style = { head: [], border: [], compact: true };
  const byRule = new Table({ head: ["rule", "would say", "mended anyway", "merged with it", "open or closed"], style });
  for (const { rule, found, mended, merged, open } of rules) byRule.push([rule, found, mended, merged, open]);
  const byCheck = new Table({ head: ["the check would be", "people said", "pull requests"], style });
  for (const { check, people, count } of checks) byCheck.push([check, people.replaceAll("_", " "), count]);
  return `${byRule.toString()}\n${byCheck.toString()}\n`;
}
