import type { Advisory } from "../../../src/agents/code-review/dependencies/advisory.js";

/** What GitHub would answer about the corpus: shortened, with ids that are only examples. */
export const ADVISORIES: readonly Advisory[] = [
  {
    id: "GHSA-35jh-r3h4-6jhm",
    severity: "high",
    malware: false,
    ecosystem: "npm",
    name: "lodash",
    range: "< 4.17.21",
    fixed: "4.17.21",
  },
  {
    id: "GHSA-9x4c-63pf-525f",
    severity: "critical",
    malware: true,
    ecosystem: "npm",
    name: "flatmap-stream",
    range: "= 0.1.1",
    fixed: null,
  },
  {
    id: "GHSA-cpwx-vrp4-4pq7",
    severity: "high",
    malware: false,
    ecosystem: "pip",
    name: "Jinja2",
    range: "<= 3.1.5",
    fixed: "3.1.6",
  },
  {
    id: "GHSA-qxp5-gwg8-xv66",
    severity: "high",
    malware: false,
    ecosystem: "go",
    name: "golang.org/x/net",
    range: "< 0.36.0",
    fixed: "0.36.0",
  },
  {
    id: "GHSA-rpmj-rpgj-qmpm",
    severity: "high",
    malware: false,
    ecosystem: "rust",
    name: "openssl",
    range: ">= 0.10.0, < 0.10.70",
    fixed: "0.10.70",
  },
];
