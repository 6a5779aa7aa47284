import { z } from "zod";
import { globList, nameList } from "../../../settings/glob-setting.js";
import type { Section } from "../../../settings/section.js";
import { fileOptions, ruleOptions } from "../rules/options.js";
import { RULE_IDS, RULES } from "../rules/registry.js";
import { type Rule, SEVERITIES } from "../rules/rule.js";
import { customRule } from "./custom-rule.js";
import { REVIEW_EXAMPLE } from "./example.js";

export const ruleLevel = z.enum(["off", ...SEVERITIES]);
export type RuleLevel = z.output<typeof ruleLevel>;

/** Custom rules can be softened and switched off like all others, also by the repositories that extend the file. */
const ruleName = z.union([
  z.enum(RULE_IDS),
  z.string().regex(/^custom\/[a-z][a-z0-9-]{0,49}$/, "a rule's id, or custom/ and the name of one of your own"),
]);
const levels = z.record(ruleName, ruleLevel);
const conclusion = z.enum(["success", "neutral", "failure", "action_required"]);

/** Accounts that update dependencies, release, or commit generated code. Bots that write code are not included. */
const BOTS = [
  "dependabot[bot]",
  "dependabot-preview[bot]",
  "renovate[bot]",
  "renovate-bot",
  "greenkeeper[bot]",
  "pyup-bot",
  "snyk-bot",
  "pre-commit-ci[bot]",
  "github-actions[bot]",
  "release-please[bot]",
  "semantic-release-bot",
  "changeset-bot[bot]",
  "*-release[bot]",
  "*-release-bot[bot]",
  "*-releaser[bot]",
  "*-codegen[bot]",
  "allcontributors[bot]",
  "imgbot[bot]",
  "crowdin-bot",
  "weblate",
];

/** `review:` in the settings. */
export const reviewSettings = z.strictObject({
  enabled: z.boolean().default(true).describe("Whether pull requests are reviewed"),
  ignore: z
    .strictObject({
      drafts: z.boolean().default(true).describe("Review a draft only when it is ready"),
      authors: nameList
        .default(BOTS)
        .describe("Logins whose pull requests are not reviewed; `*` stands for any characters"),
      labels: nameList.default([]).describe("A pull request with one of these labels is not reviewed"),
      paths: globList
        .default([])
        .describe("Files that are not reviewed (globs). A pull request with only such files is skipped"),
    })
    .prefault({}),
  rules: levels.default({}).describe("The severity of a rule or of `custom/<name>`, or `off`"),
  options: ruleOptions.prefault({}).describe("Options of rules"),
  conclusion: z
    .strictObject({
      failure: conclusion.default("failure"),
      warning: conclusion.default("neutral"),
      notice: conclusion.default("success"),
    })
    .prefault({})
    .describe("The conclusion of the check, by its most severe finding"),
  model: z.boolean().default(true).describe("Whether the server's model, if one is configured, reviews the change too"),
  maxInlineComments: z
    .int()
    .min(0)
    .max(10)
    .default(10)
    .describe("The most comments on lines; the other findings are in the summary"),
  reviewers: z
    .strictObject({
      propose: z
        .boolean()
        .default(true)
        .describe("Request reviewers from CODEOWNERS and the authors of the changed lines"),
      count: z.int().min(1).max(5).default(2).describe("How many reviewers are requested"),
      ignore: nameList.default([]).describe("Logins that are never requested as reviewers"),
    })
    .prefault({}),
  riskLabels: z
    .boolean()
    .default(false)
    .describe("Whether pull requests get the label `risk: low`, `risk: medium` or `risk: high`"),
  paths: z
    .array(
      z.strictObject({
        match: globList.min(1).describe("The files to which these settings apply (globs)"),
        rules: levels.default({}).describe("Severities in these files"),
        options: fileOptions.default({}).describe("Options of rules in these files"),
      }),
    )
    .max(100)
    .default([])
    .describe("Settings for parts of a monorepo; of several that match, the last one counts"),
  customRules: z
    .record(z.string().regex(/^[a-z][a-z0-9-]{0,49}$/, "a name in lower case, with digits and hyphens"), customRule)
    .default({})
    .describe("The organisation's own rules, by name; findings call them `custom/<name>`"),
});
export type ReviewSettings = Readonly<z.output<typeof reviewSettings>>;

/** The section `review:` for the reference and the registry. */
export const REVIEW: Section<ReviewSettings> = {
  name: "review",
  about: "The code review agent",
  schema: reviewSettings,
  example: REVIEW_EXAMPLE,
  replaced: ["customRules"],
  appendix: [
    "## Rules",
    "",
    "Each rule has a page in [rules/](rules/README.md). To switch on a rule that is off by default, give it a severity here.",
    "",
    "| rule | by default | why |",
    "| --- | --- | --- |",
    ...RULES.map(
      ({ id, severity, why, byDefault }: Rule) =>
        `| \`${id}\` | ${byDefault ?? severity} | ${why.replaceAll("|", "\\|")} |`,
    ),
  ].join("\n"),
};
