import { z } from "zod";

/** What operators can say about how rules measure. Every value has a default. */
export const ruleOptions = z.strictObject({
  maxChangedLines: z
    .int()
    .positive()
    .default(800)
    .describe(
      "`oversized-pull-request`: changed lines (without lockfiles, generated and vendored files) above which a split is proposed",
    ),
  maxBinaryBytes: z
    .int()
    .positive()
    .default(1_000_000)
    .describe("`large-binary`: bytes above which a binary file is reported"),
  minLinesForTests: z
    .int()
    .positive()
    .default(20)
    .describe("`missing-test`: added lines of source from which on a change without a test is reported"),
  requireLinkedIssue: z
    .boolean()
    .default(false)
    .describe("`missing-linked-issue`: whether every pull request must link an issue"),
  publicApi: z
    .array(z.string())
    .default(["index.{ts,tsx,mts,cts,js,mjs,cjs}", "*.d.ts", "__init__.py", "*.go"])
    .describe("`public-api-removed`: files whose exports others rely on"),
  generated: z
    .array(z.string())
    .default([])
    .describe("`generated-file-edited`: generated files that carry no marker in their first lines"),
  migrations: z
    .array(z.string())
    .default(["**/migrations/**", "**/migrate/**", "**/alembic/versions/**", "**/db/changelog/**"])
    .describe("`migration-lock`, `migration-drop`: files that change a database's schema"),
  trustedActionOwners: z
    .array(z.string())
    .default(["actions", "github"])
    .describe("`workflow-unpinned-action`: owners whose actions may be named by a tag"),
});
export type RuleOptions = Readonly<z.output<typeof ruleOptions>>;
