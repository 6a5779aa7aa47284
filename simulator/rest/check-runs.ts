import { z } from "zod";
import type { CheckRun, Repository } from "../organisation/repository.js";
import { CONCLUSIONS, renderCheckRun } from "../render/check-run.js";
import { failure, NOT_FOUND, one, type Answer } from "../server/answer.js";
import { Answered, bodyOf, numberParam, param, type Call } from "../server/call.js";
import { page } from "../server/page.js";
import { repositoryRoutes } from "../server/repository-route.js";
import { by, inRepository, perform } from "./changes.js";
import { resolveRef } from "./resolve-ref.js";

const Annotation = z.object({
  path: z.string(),
  start_line: z.number(),
  end_line: z.number(),
  annotation_level: z.enum(["notice", "warning", "failure"]),
  message: z.string().max(65_536),
  title: z.string().nullish(),
  raw_details: z.string().nullish(),
});

const Fields = z.object({
  status: z.enum(["queued", "in_progress", "completed"]).optional(),
  conclusion: z.enum(CONCLUSIONS).optional(),
  external_id: z.string().optional(),
  details_url: z.string().optional(),
  output: z
    .object({
      title: z.string().optional(),
      summary: z.string().max(65_535),
      text: z.string().max(65_535).optional(),
      annotations: z.array(Annotation).optional(),
    })
    .optional(),
});

const NewCheckRun = Fields.extend({ name: z.string(), head_sha: z.string() });

function fieldsOf(body: z.infer<typeof Fields>) {
  const { output } = body;
  return {
    ...(body.status === undefined ? {} : { status: body.status }),
    ...(body.conclusion === undefined ? {} : { conclusion: body.conclusion }),
    ...(body.external_id === undefined ? {} : { externalId: body.external_id }),
    ...(body.details_url === undefined ? {} : { detailsUrl: body.details_url }),
    ...(output === undefined ? {} : { summary: output.summary }),
    ...(output?.title === undefined ? {} : { title: output.title }),
    ...(output?.text === undefined ? {} : { text: output.text }),
    annotations: (output?.annotations ?? []).map(({ title, raw_details, ...rest }) => ({
      ...rest,
      title: title ?? null,
      raw_details: raw_details ?? null,
    })),
  };
}

function runOf(call: Call, repository: Repository): CheckRun {
  const found = call.simulation.organisation.nodes.get(numberParam(call, "id"));
  if (found?.kind === "check-run" && found.repository === repository) return found;
  throw new Answered(NOT_FOUND);
}

function listRuns(call: Call, repository: Repository): Answer {
  const sha = resolveRef(repository, param(call, "ref"));
  const name = call.query.get("check_name");
  const app = call.query.get("app_id");
  const runs = (sha === null ? [] : (repository.checkRuns.get(sha) ?? [])).filter(
    (run) =>
      (name === null || run.name === name) &&
      (app === null || (run.byApp && String(call.simulation.organisation.app.id) === app)),
  );
  const latest = call.query.get("filter") === "all" ? runs : newestByName(runs);
  return page(
    call,
    "check-run",
    latest,
    (run) => renderCheckRun(call.simulation.organisation, run),
    (check_runs, total_count) => ({ total_count, check_runs }),
  );
}

function newestByName(runs: readonly CheckRun[]): CheckRun[] {
  return [...new Map(runs.map((run) => [run.name, run])).values()];
}

const WRITE = ["checks", "write"] as const;
const READ = ["checks", "read"] as const;

export const checkRunRoutes = repositoryRoutes([
  {
    method: "POST",
    path: "/check-runs",
    permission: WRITE,
    content: true,
    handle: (call, repository) => {
      const wanted = bodyOf(call, NewCheckRun);
      if (call.simulation.faults.lags(wanted.head_sha))
        return failure(422, `No commit found for SHA: ${wanted.head_sha}`);
      const run = perform(call, "createCheckRun", {
        ...inRepository(call, repository),
        name: wanted.name,
        headSha: wanted.head_sha,
        ...fieldsOf(wanted),
      });
      return one("check-run", renderCheckRun(call.simulation.organisation, run), 201);
    },
  },
  {
    method: "GET",
    path: "/check-runs/:id",
    permission: READ,
    handle: (call, repository) =>
      one("check-run", renderCheckRun(call.simulation.organisation, runOf(call, repository))),
  },
  {
    method: "PATCH",
    path: "/check-runs/:id",
    permission: WRITE,
    content: true,
    handle: (call, repository) => {
      const { id } = runOf(call, repository);
      const run = perform(call, "updateCheckRun", { ...by(call), checkRun: id, ...fieldsOf(bodyOf(call, Fields)) });
      return one("check-run", renderCheckRun(call.simulation.organisation, run));
    },
  },
  {
    method: "GET",
    path: "/check-runs/:id/annotations",
    permission: READ,
    handle: (call, repository) => {
      const run = runOf(call, repository);
      return page(call, "check-annotation", run.annotations, (each) => ({
        path: each.path,
        start_line: each.start_line,
        end_line: each.end_line,
        start_column: null,
        end_column: null,
        annotation_level: each.annotation_level,
        title: each.title ?? null,
        message: each.message,
        raw_details: each.raw_details ?? null,
        blob_href: "",
      }));
    },
  },
  { method: "GET", path: "/commits/:ref/check-runs", permission: READ, handle: listRuns },
]);
