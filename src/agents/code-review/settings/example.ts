/** The annotated example of the reference. A test checks that it is valid and names every setting. */
export const REVIEW_EXAMPLE = `review:
  enabled: true

  # Pull requests that are not reviewed. The reason is recorded each time.
  ignore:
    drafts: true
    authors: ["dependabot[bot]", "renovate[bot]"]
    labels: [no-review]
    paths: ["**/vendor/**", "**/*.min.js"]

  # A rule's severity, or off. The table of rules is below.
  rules:
    missing-test: off
    skipped-test: notice

  # Options of rules.
  options:
    maxChangedLines: 600
    requireLinkedIssue: true
    trustedActionOwners: [actions, github, acme]

  # The conclusion of the check, by its most severe finding.
  conclusion:
    failure: failure
    warning: neutral
    notice: success

  # The server's model, if one is configured, reviews the change too.
  model: true

  # At most 10; the rest is folded in the review's summary.
  maxInlineComments: 10

  # Reviewers that the app requests, from CODEOWNERS and the authors of the changed lines.
  reviewers:
    propose: true
    count: 2
    ignore: [octocat]

  riskLabels: true

  # Parts of a monorepo. Of several that match a file, the last one counts.
  paths:
    - match: ["packages/legacy/**"]
      rules:
        swallowed-error: off
        missing-test: off
        custom/no-moment: off
      options:
        generated: ["packages/legacy/api/**"]

  # Rules of your own: a pattern of ast-grep, a rule object of ast-grep, or a regular expression for lines.
  customRules:
    no-moment:
      message: Use date-fns; moment is no longer maintained.
      severity: warning
      languages: [TypeScript, Tsx, JavaScript]
      pattern: import $NAME from "moment"
    internal-host:
      message: Hosts of the intranet belong in the configuration.
      line: "\\\\.corp\\\\.acme\\\\.example"
      paths: ["src/**"]
`;
