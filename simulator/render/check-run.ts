import type { CheckRun } from "../organisation/repository.js";
import type { Organisation } from "../organisation/organisation.js";
import { renderApp } from "./app.js";
import { repositoryApi, repositoryHtml } from "./conversation.js";
import { nodeId } from "./node-id.js";
import { renderMinimalPull } from "./pull.js";
import { iso, isoOrNull } from "./time.js";

export const CONCLUSIONS = [
  "success",
  "failure",
  "neutral",
  "cancelled",
  "skipped",
  "timed_out",
  "action_required",
] as const;
export type Conclusion = (typeof CONCLUSIONS)[number];

export function conclusionOf(value: string | null): Conclusion | null {
  return CONCLUSIONS.find((each) => each === value) ?? null;
}

function pullsOf(organisation: Organisation, run: CheckRun) {
  return [...run.repository.pulls.values()]
    .filter((pull) => pull.headSha === run.headSha && pull.state === "open")
    .map((pull) => renderMinimalPull(organisation.urls, pull));
}

/** The id of the suite that holds all check runs of the App on one commit. */
function suiteId(run: CheckRun): number {
  return Number.parseInt(run.headSha.slice(0, 8), 16);
}

export function renderCheckRun(organisation: Organisation, run: CheckRun) {
  const api = repositoryApi(organisation.urls, run.repository);
  const html = `${repositoryHtml(organisation.urls, run.repository)}/runs/${run.id}`;
  return {
    id: run.id,
    name: run.name,
    node_id: nodeId(run),
    head_sha: run.headSha,
    external_id: run.externalId,
    url: `${api}/check-runs/${run.id}`,
    html_url: html,
    details_url: run.detailsUrl ?? html,
    status: run.status,
    conclusion: conclusionOf(run.conclusion),
    started_at: iso(run.startedAt),
    completed_at: isoOrNull(run.completedAt),
    output: {
      title: run.title,
      summary: run.summary,
      text: run.text,
      annotations_count: run.annotations.length,
      annotations_url: `${api}/check-runs/${run.id}/annotations`,
    },
    check_suite: { id: suiteId(run) },
    app: run.byApp ? renderApp(organisation) : null,
    pull_requests: pullsOf(organisation, run),
  };
}

/** The check run inside its webhook payload, with the whole suite. */
export function renderCheckRunPayload(organisation: Organisation, run: CheckRun) {
  const body = renderCheckRun(organisation, run);
  const branch = [...run.repository.branches].find(([, sha]) => sha === run.headSha)?.[0] ?? null;
  const suite = `${repositoryApi(organisation.urls, run.repository)}/check-suites/${suiteId(run)}`;
  return {
    ...body,
    check_suite: {
      id: suiteId(run),
      node_id: `CS_kwDO${suiteId(run).toString(36)}`,
      head_branch: branch,
      head_sha: run.headSha,
      status: run.status,
      conclusion: body.conclusion,
      url: suite,
      before: null,
      after: run.headSha,
      pull_requests: body.pull_requests,
      app: body.app,
      created_at: iso(run.startedAt),
      updated_at: iso(run.completedAt ?? run.startedAt),
    },
  };
}
