import { z } from "zod";
import { ADVISORY_SEVERITIES } from "../dependencies/advisory.js";
import { globList, nameList } from "../../../settings/glob-setting.js";

/** Options that may differ for parts of a repository, because they concern one file at a time. */
const ofFiles = {
  maxBinaryBytes: z.int().positive().describe("`large-binary`: bytes above which a binary file is reported"),
  publicApi: globList.describe("`public-api-removed`: files whose exports are a public API"),
  generated: globList.describe("`generated-file-edited`: generated files that carry no marker in their first lines"),
  advisorySeverity: z
    .enum(ADVISORY_SEVERITIES)
    .describe("`vulnerable-dependency`: the least severity of an advisory that is reported"),
  migrations: globList.describe("`migration-lock`, `migration-drop`: files that change a database's schema"),
};

/** The options in settings per path; missing ones use the general value. */
export const fileOptions = z.strictObject({
  maxBinaryBytes: ofFiles.maxBinaryBytes.exactOptional(),
  publicApi: ofFiles.publicApi.exactOptional(),
  generated: ofFiles.generated.exactOptional(),
  migrations: ofFiles.migrations.exactOptional(),
  advisorySeverity: ofFiles.advisorySeverity.exactOptional(),
});

/** The options of rules. Every option has a default. */
export const ruleOptions = z.strictObject({
  maxChangedLines: z
    .int()
    .positive()
    .default(800)
    .describe(
      "`oversized-pull-request`: changed lines (without tests, documentation, lockfiles, generated and vendored files) above which a split is proposed",
    ),
  maxBinaryBytes: ofFiles.maxBinaryBytes.default(1_000_000),
  minLinesForTests: z
    .int()
    .positive()
    .default(20)
    .describe("`missing-test`: added lines of source above which a change without a test is reported"),
  requireLinkedIssue: z
    .boolean()
    .default(false)
    .describe("`missing-linked-issue`: whether every pull request must link an issue"),
  publicApi: ofFiles.publicApi.default([
    // Deeper ones gather the parts of a package for itself.
    "/{,*/,*/*/}index.{ts,tsx,mts,cts,js,mjs,cjs}",
    "{packages,libs,modules,plugins}/*/{,*/,*/*/}index.{ts,tsx,mts,cts,js,mjs,cjs}",
    "*.d.ts",
    "__init__.py",
    "*.go",
  ]),
  generated: ofFiles.generated.default([]),
  migrations: ofFiles.migrations.default([
    "**/migrations/**",
    "**/migration/**",
    "**/migrate/**",
    "**/drizzle/**/*.sql",
    "**/alembic/versions/**",
    "**/db/changelog/**",
  ]),
  advisorySeverity: ofFiles.advisorySeverity.default("high"),
  trustedActionOwners: nameList
    .default(["actions", "github"])
    .describe("`workflow-unpinned-action`: owners whose actions may be referenced by a tag"),
});
export type RuleOptions = Readonly<z.output<typeof ruleOptions>>;
