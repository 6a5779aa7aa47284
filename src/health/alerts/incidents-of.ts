import type {
  AgentRuns,
  FailingWork,
  Findings,
  LimitedInstallation,
  StuckDeployment,
  StuckSync,
} from "../../store/alerts/findings.js";
import type { FamilyIncident } from "./fold-many.js";
import { groupBy } from "./group-by.js";
import { reconnectRemedy } from "./reconnect.js";

/** Failures in a row after which work that is still retried is reported. */
export const REPEATED = 3;
/** An agent fails when it has at least this many runs, and at least this share of them failed. */
const AGENT_RUNS = 4;
const AGENT_SHARE = 0.5;

/** The prefix of this watch's keys; it resolves only its own incidents. */
export const WATCHED = "watch/";

/** The present incidents according to the tables. Pure: the same findings give the same incidents. */
export function incidentsOf(findings: Findings, serverUrl: string): readonly FamilyIncident[] {
  const isRefused = ({ error_kind }: FailingWork): boolean => error_kind === "authentication";
  const failing = [...findings.deadLetters, ...findings.retrying];
  return [
    ...refusals(failing.filter(isRefused), serverUrl),
    ...merged(findings.deadLetters.filter((work) => !isRefused(work))).map(deadLetter),
    ...merged(findings.retrying.filter((work) => !isRefused(work))).map(repeatedFailure),
    ...findings.stuckSyncs.map(stuckSync),
    ...findings.stuckDeployments.map(stuckDeployment),
    ...findings.agents.filter(isFailing).map(failingAgent),
    ...findings.limited.map(limited),
  ];
}

const key = (...parts: readonly (string | bigint | null)[]): string =>
  `${WATCHED}${parts.map((part) => part ?? "app").join("/")}`;

interface Subject {
  readonly installationId: bigint | null;
  readonly account: string | null;
}

/** The subject of an incident: its own key, and the key that it shares with other installations. */
function about(
  { installationId, account }: Subject,
  keyOf: (who: bigint | string | null) => string,
  what: string,
): Pick<FamilyIncident, "key" | "installationId" | "title" | "family"> {
  const family = installationId === null ? null : { key: keyOf("many"), title: what, account };
  return { key: keyOf(installationId), installationId, title: `${what}${where(account)}`, family };
}

const where = (account: string | null): string => (account === null ? "" : ` for ${account}`);

const detailOf = (error: string | null): string => error ?? "No reason is stored";

/** All refusals by GitHub for one installation have one remedy, so they are one incident. */
function refusals(works: readonly FailingWork[], serverUrl: string): readonly FamilyIncident[] {
  const byInstallation = groupBy(works, ({ installation_id }) => installation_id);
  return [...byInstallation].map(([installationId, some]) => {
    const who = { installationId, account: some[0]?.account ?? null };
    return {
      ...about(who, (id) => key("authentication", id), "GitHub refuses the App's credentials"),
      kind: "authentication",
      severity: "critical",
      detail: detailOf(some[0]?.error ?? null),
      remedy: reconnectRemedy({ ...who, accountType: some[0]?.account_type ?? null, serverUrl }),
      occurrences: some.reduce((sum, { failures }) => sum + failures, 0),
    };
  });
}

/** Several kinds of failure of one job are reported together, with the text of the first. */
function merged(works: readonly FailingWork[]): readonly FailingWork[] {
  const groups = groupBy(works, ({ installation_id, name }) => `${installation_id} ${name}`);
  return [...groups.values()].flatMap(([first, ...others]) => {
    if (!first) return [];
    const delivery = first.delivery ?? others.find((other) => other.delivery !== null)?.delivery ?? null;
    return { ...first, delivery, failures: others.reduce((sum, { failures }) => sum + failures, first.failures) };
  });
}

function deadLetter({ installation_id, account, name, error, failures, delivery }: FailingWork): FamilyIncident {
  return {
    ...about({ installationId: installation_id, account }, (id) => key("dead-letter", name, id), `Given up: ${name}`),
    kind: "dead-letter",
    severity: "warning",
    detail: `Last error: ${detailOf(error)}`,
    remedy:
      delivery === null
        ? "Fix the cause that the error names. No delivery can be replayed: the app plans this work again by itself, or with the command that requested it. The incident ends when the work succeeds."
        : `Run 'companyos-github explain ${delivery}', fix the cause, then run 'companyos-github replay ${delivery}'.`,
    occurrences: failures,
  };
}

function repeatedFailure(work: FailingWork): FamilyIncident {
  const { installation_id, account, name, error, failures } = work;
  const network = work.error_kind === "network";
  const forbidden = work.error_kind === "forbidden";
  return {
    ...about(
      { installationId: installation_id, account },
      (id) => key("repeated-failures", name, id),
      `Fails repeatedly: ${name}`,
    ),
    kind: network || forbidden ? "repeated-failures" : "unknown-error",
    severity: "warning",
    detail: `Last error: ${detailOf(error)}`,
    remedy: forbidden ? FORBIDDEN_REMEDY : network ? NETWORK_REMEDY : UNKNOWN_REMEDY,
    occurrences: failures,
  };
}

const NETWORK_REMEDY = "The app retries. Check https://www.githubstatus.com, and that this machine reaches GitHub.";
const UNKNOWN_REMEDY = "The app retries. The log has the stack; report the error if it continues.";
const FORBIDDEN_REMEDY =
  "The app retries. Compare the installation's permissions with app.yml; an owner accepts them in its settings.";

function stuckDeployment(stuck: StuckDeployment): FamilyIncident {
  const { installation_id, account, repository, environment, id, state, minutes } = stuck;
  return {
    ...about(
      { installationId: installation_id, account },
      (who) => key("stuck-deployment", who, repository, environment),
      `The deployment of ${repository} to ${environment} is stuck`,
    ),
    kind: "stuck-deployment",
    severity: "warning",
    detail: `Deployment ${id} has been ${state} for ${minutes} minutes`,
    remedy: "Open the job that deploys it; set a status of the deployment at GitHub, or deploy again.",
    occurrences: 1,
  };
}

function stuckSync({ installation_id, account, mode, reason }: StuckSync): FamilyIncident {
  return {
    ...about(
      { installationId: installation_id, account },
      (id) => key("stuck-sync", id, mode),
      `The ${mode} sync is stuck`,
    ),
    kind: "stuck-sync",
    severity: "warning",
    detail: reason ?? "No reason is stored",
    remedy: `Run 'companyos-github sync --installation ${installation_id}' and read its answer.`,
    occurrences: 1,
  };
}

function isFailing({ ended, failed }: AgentRuns): boolean {
  return ended >= AGENT_RUNS && failed / ended >= AGENT_SHARE;
}

function failingAgent({ name, ended, failed, error }: AgentRuns): FamilyIncident {
  return {
    key: key("failing-agent", name),
    kind: "failing-agent",
    severity: "critical",
    installationId: null,
    title: `The agent ${name} fails`,
    detail: `${failed} of its latest ${ended} runs failed. Last error: ${detailOf(error)}`,
    remedy: "Fix the cause, then run 'companyos-github replay' for each failed delivery.",
    occurrences: failed,
    family: null,
  };
}

function limited({ installation_id, account, waiting, until }: LimitedInstallation): FamilyIncident {
  return {
    ...about(
      { installationId: installation_id, account },
      (id) => key("rate-limit", id),
      "GitHub's rate limit is reached",
    ),
    kind: "rate-limit",
    severity: "info",
    detail: `${waiting} jobs wait, the last one until ${until.toISOString()}`,
    remedy:
      "Nothing: the jobs resume by themselves. If this happens often, raise QUOTA_RESERVE or sync fewer repositories.",
    occurrences: waiting,
  };
}
