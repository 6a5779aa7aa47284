import { newId, register, seconds, type Organisation } from "../organisation.js";
import type { Account } from "../account.js";
import type { Annotation, CheckRun } from "../repository.js";
import { findCommit } from "../git.js";
import { renderCheckRunPayload } from "../../render/check-run.js";
import { emit } from "./emit.js";
import { actor, ChangeRefused, repositoryNamed, type By, type InRepository } from "./find.js";

/** GitHub takes at most this many annotations in one request. */
export const MAX_ANNOTATIONS = 50;

export interface CheckRunFields {
  readonly status?: CheckRun["status"];
  readonly conclusion?: string | null;
  readonly title?: string | null;
  readonly summary?: string | null;
  readonly text?: string | null;
  readonly annotations?: readonly Annotation[];
  readonly externalId?: string;
  readonly detailsUrl?: string | null;
}

export interface CreateCheckRun extends InRepository, CheckRunFields {
  readonly name: string;
  readonly headSha: string;
}

function emitCheckRun(organisation: Organisation, run: CheckRun, action: string, sender: Account): void {
  if (organisation.silent) return;
  const body = { check_run: renderCheckRunPayload(organisation, run) };
  emit(organisation, { event: "check_run", action, repository: run.repository, sender, body });
}

function fill(organisation: Organisation, run: CheckRun, fields: CheckRunFields): void {
  if ((fields.annotations?.length ?? 0) > MAX_ANNOTATIONS) {
    throw new ChangeRefused(422, `No more than ${MAX_ANNOTATIONS} annotations a request`);
  }
  run.title = fields.title ?? run.title;
  run.summary = fields.summary ?? run.summary;
  run.text = fields.text ?? run.text;
  run.externalId = fields.externalId ?? run.externalId;
  run.detailsUrl = fields.detailsUrl ?? run.detailsUrl;
  run.annotations.push(...(fields.annotations ?? []));
  run.status = fields.conclusion === undefined ? (fields.status ?? run.status) : "completed";
  if (run.status !== "completed") return;
  run.conclusion = fields.conclusion ?? run.conclusion;
  run.completedAt ??= seconds(organisation);
}

export function createCheckRun(organisation: Organisation, input: CreateCheckRun): CheckRun {
  const repository = repositoryNamed(organisation, input);
  if (findCommit(repository, input.headSha) === null) {
    throw new ChangeRefused(422, `No commit found for SHA: ${input.headSha}`);
  }
  const by = actor(organisation, input);
  const run: CheckRun = {
    kind: "check-run",
    id: newId(organisation),
    repository,
    headSha: input.headSha,
    name: input.name,
    externalId: "",
    detailsUrl: null,
    status: "queued",
    conclusion: null,
    startedAt: seconds(organisation),
    completedAt: null,
    title: null,
    summary: null,
    text: null,
    annotations: [],
    byApp: by === organisation.app.bot,
  };
  fill(organisation, run, input);
  const others = repository.checkRuns.get(input.headSha) ?? [];
  repository.checkRuns.set(input.headSha, [...others, register(organisation, run)]);
  repository.revision += 1;
  emitCheckRun(organisation, run, "created", by);
  if (run.status === "completed") emitCheckRun(organisation, run, "completed", by);
  return run;
}

export interface OnCheckRun extends By {
  /** Id of the check run. */
  readonly checkRun: number;
}

export function checkRunOf(organisation: Organisation, id: number): CheckRun {
  const found = organisation.nodes.get(id);
  if (found?.kind !== "check-run") throw new ChangeRefused(404, `no check run ${id}`);
  return found;
}

export function updateCheckRun(organisation: Organisation, input: OnCheckRun & CheckRunFields): CheckRun {
  const run = checkRunOf(organisation, input.checkRun);
  const wasCompleted = run.status === "completed";
  fill(organisation, run, input);
  run.repository.revision += 1;
  if (!wasCompleted && run.status === "completed") {
    emitCheckRun(organisation, run, "completed", actor(organisation, input));
  }
  return run;
}

/** Somebody presses "Re-run": only the event is sent, the App has to act. */
export function rerequestCheckRun(organisation: Organisation, input: OnCheckRun): CheckRun {
  const run = checkRunOf(organisation, input.checkRun);
  emitCheckRun(organisation, run, "rerequested", actor(organisation, input));
  return run;
}

/** Somebody presses "Re-run all checks": the App hears of it once, for its suite of the commit. */
export function rerequestCheckSuite(organisation: Organisation, input: InRepository & { readonly headSha: string }) {
  const repository = repositoryNamed(organisation, input);
  const { app } = organisation;
  const check_suite = {
    id: newId(organisation),
    head_branch: null,
    head_sha: input.headSha,
    status: "queued",
    conclusion: null,
    pull_requests: [],
    app: { id: app.id, slug: app.slug },
    rerequestable: true,
    runs_rerequestable: true,
    latest_check_runs_count: (repository.checkRuns.get(input.headSha) ?? []).length,
  };
  const sender = actor(organisation, input);
  emit(organisation, { event: "check_suite", action: "rerequested", repository, sender, body: { check_suite } });
  return repository;
}
