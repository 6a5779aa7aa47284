import type { RepositoryRef } from "../../domain.js";
import type { Effect } from "../../effects/effect.js";
import { bounded, codeSpan, prose } from "../../text/markdown.js";
import type { Decision } from "../agent.js";
import { minute } from "./refusal.js";
import type { DeploymentSettings } from "./settings.js";
import type { Deployed } from "./state.js";

export interface ReportedPull {
  readonly number: number;
  readonly title: string;
  readonly author: string | null;
  /** The environments whose running deployment contains the pull request. */
  readonly live: readonly { readonly environment: string; readonly sha: string }[];
}

/** What changed with a deployment. */
export interface ReportedRange {
  /** The deployment that ran before; null: there was none. */
  readonly from: Deployed | null;
  readonly commits: number;
  /** Whether the mirror knows every commit of the range. */
  readonly complete: boolean;
  readonly pulls: readonly ReportedPull[];
  /** The deployed commit is older than the one before. */
  readonly back: boolean;
}

/** The incident of the latest streak of failures; null: there was none. */
export interface Incident {
  readonly key: string;
  readonly state: "open" | "closed";
  readonly changedAt: Date;
}

export interface EndedDeployment {
  readonly repository: RepositoryRef;
  readonly deployment: Deployed;
  readonly state: "succeeded" | "failed";
  readonly at: Date;
  /** Whether it is the newest deployment of its environment. */
  readonly newest: boolean;
  readonly range: ReportedRange;
  readonly incident: Incident | null;
}

/** Above this number of pull requests none of them gets a comment: the list in the check is enough. */
export const MOST_COMMENTED = 10;
const MOST_LISTED = 200;
const REOPEN_MS = 10 * 86_400_000;

/** What is written after a deployment, as the settings choose. */
export function decideReport(ended: EndedDeployment, settings: DeploymentSettings): Decision {
  const { deployment, state, range } = ended;
  const effects = state === "succeeded" ? afterSuccess(ended, settings) : afterFailure(ended, settings);
  const what = `${deployment.sha.slice(0, 7)} to ${deployment.environment}`;
  const pulls = range.pulls.length === 1 ? "1 pull request" : `${range.pulls.length} pull requests`;
  return {
    reason: `The deployment of ${what} ${state}: ${pulls}.`,
    effects,
    input: { environment: deployment.environment, state, pulls: range.pulls.map(({ number }) => number) },
    skipped: effects.length === 0 ? "nothing-to-report" : null,
  };
}

function afterSuccess(ended: EndedDeployment, settings: DeploymentSettings): readonly Effect[] {
  const { repository, deployment, range, incident, newest, at } = ended;
  const { environment, sha } = deployment;
  const base = {
    repository,
    occasion: `deployment ${deployment.id}`,
    reason: `the deployment to ${environment} succeeded`,
  };
  const effects: Effect[] = [];
  if (settings.summary)
    effects.push({
      kind: "check-run",
      ...base,
      name: `companyos / deployed (${environment})`,
      headSha: sha,
      status: "completed",
      conclusion: "success",
      title: `Deployed to ${environment}`,
      summary: bounded(`${rangeLine(ended)}\n\n${listOf(range.pulls)}`),
      annotations: [],
    });
  if (settings.comments && range.pulls.length <= MOST_COMMENTED)
    for (const { number, live } of range.pulls)
      effects.push({ kind: "comment", ...base, issue: number, slot: "deployed", body: liveComment(live) });
  if (settings.incidents && newest && incident?.state === "open")
    effects.push({
      kind: "issue",
      ...base,
      incident: incident.key,
      state: "closed",
      title: titleOf(environment),
      body: `The deployment of \`${sha.slice(0, 7)}\` to ${codeSpan(environment)} succeeded at ${minute(at)}.`,
      labels: [LABEL],
    });
  return effects;
}

function afterFailure(ended: EndedDeployment, settings: DeploymentSettings): readonly Effect[] {
  const { repository, deployment, range, newest } = ended;
  // A late result of an older deployment says nothing about what runs.
  if (!settings.incidents || !newest) return [];
  const { environment, sha, id } = deployment;
  const good = range.from === null ? "Nothing ran there before." : `The last commit that ran is \`${range.from.sha}\`.`;
  const way =
    range.from === null ? "" : ` \`/rollback ${environment}\` or a deployment of that commit goes back to it.`;
  return [
    {
      kind: "issue",
      repository,
      occasion: `deployment ${id}`,
      reason: `the deployment to ${environment} failed`,
      incident: incidentKey(ended),
      state: "open",
      title: titleOf(environment),
      body: bounded(
        [
          `The deployment of \`${sha.slice(0, 7)}\` to ${codeSpan(environment)} failed at ${minute(ended.at)} (deployment ${id}).`,
          `${good}${way}`,
          `What the deployment brought:`,
          `${rangeLine(ended)}\n\n${listOf(range.pulls)}`,
          `The next success closes this issue.`,
        ].join("\n\n"),
      ),
      labels: [LABEL],
    },
  ];
}

const LABEL = "deployment-failure";

/** One issue a streak, and the last one again when the next streak begins within ten days. */
function incidentKey({ deployment, incident, at }: EndedDeployment): string {
  const fresh =
    incident !== null && (incident.state === "open" || at.getTime() - incident.changedAt.getTime() < REOPEN_MS);
  return fresh ? incident.key : `${incidentPrefix(deployment.environment)}${deployment.id}`;
}

/** Every incident of the deployments to an environment begins so. */
export function incidentPrefix(environment: string): string {
  return `deployment/${environment}/`;
}

function titleOf(environment: string): string {
  return `Deployments to ${environment} fail`;
}

function rangeLine({ deployment, range }: EndedDeployment): string {
  const { from, commits, complete, back } = range;
  if (from === null) return `\`${deployment.sha.slice(0, 7)}\` is the first commit that is deployed here.`;
  const step = `from \`${from.sha.slice(0, 7)}\` to \`${deployment.sha.slice(0, 7)}\``;
  if (back) return `A rollback ${step}.`;
  const more = complete ? "" : " at least; the mirror does not know every commit between them";
  return `${commits === 1 ? "1 commit" : `${commits} commits`}${more}, ${step}.`;
}

function listOf(pulls: readonly ReportedPull[]): string {
  if (pulls.length === 0) return "No pull request is among them.";
  const lines = pulls
    .slice(0, MOST_LISTED)
    .map(
      ({ number, title, author }) => `- #${number} ${prose(title)}${author === null ? "" : ` by ${codeSpan(author)}`}`,
    );
  const more = pulls.length - lines.length;
  return [...lines, ...(more > 0 ? [`- and ${more} more`] : [])].join("\n");
}

function liveComment(live: ReportedPull["live"]): string {
  const lines = live.map(({ environment, sha }) => `- ${codeSpan(environment)} with \`${sha.slice(0, 7)}\``);
  return ["This change is deployed to:", lines.join("\n")].join("\n\n");
}
