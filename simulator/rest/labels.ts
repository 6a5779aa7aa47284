import { z } from "zod";
import type { Issue, PullRequest } from "../organisation/conversation.js";
import type { Repository } from "../organisation/repository.js";
import { renderLabel } from "../render/conversation.js";
import { NO_CONTENT, NOT_FOUND, one, type Answer } from "../server/answer.js";
import { bodyOf, param, type Call } from "../server/call.js";
import { page } from "../server/page.js";
import { repositoryRoutes } from "../server/repository-route.js";
import { inRepository, perform } from "./changes.js";
import { conversationOf } from "./issues.js";

const Names = z.union([z.object({ labels: z.array(z.string()) }), z.array(z.string())]);
const NewLabel = z.object({ name: z.string(), color: z.string().optional(), description: z.string().nullish() });
const LabelEdit = z.object({
  new_name: z.string().optional(),
  color: z.string().optional(),
  description: z.string().nullish(),
});

function labelsOf(call: Call, on: Issue | PullRequest): Answer {
  return page(call, "label", on.labels, (each) => renderLabel(call.simulation.organisation.urls, on.repository, each));
}

function assigneesRoute(change: "assign" | "unassign") {
  return (call: Call, repository: Repository): Answer => {
    const on = conversationOf(call, repository);
    const { assignees } = bodyOf(call, z.object({ assignees: z.array(z.string()) }));
    const target = { ...inRepository(call, repository), number: on.number };
    for (const assignee of assignees) perform(call, change, { ...target, assignee });
    return {
      status: change === "assign" ? 201 : 200,
      body: { assignees: on.assignees.map(({ login }) => ({ login })) },
    };
  };
}

const READ = ["issues", "read"] as const;
const WRITE = ["issues", "write"] as const;

export const labelRoutes = repositoryRoutes([
  {
    method: "GET",
    path: "/labels",
    permission: READ,
    or: "pull_requests",
    handle: (call, repository) =>
      page(call, "label", [...repository.labels.values()], (each) =>
        renderLabel(call.simulation.organisation.urls, repository, each),
      ),
  },
  {
    method: "GET",
    path: "/labels/:name",
    permission: READ,
    or: "pull_requests",
    handle: (call, repository) => {
      const found = repository.labels.get(param(call, "name").toLowerCase());
      if (found === undefined) return NOT_FOUND;
      return one("label", renderLabel(call.simulation.organisation.urls, repository, found));
    },
  },
  {
    method: "POST",
    path: "/labels",
    permission: WRITE,
    or: "pull_requests",
    content: true,
    handle: (call, repository) => {
      const wanted = bodyOf(call, NewLabel);
      const made = perform(call, "createLabel", {
        ...inRepository(call, repository),
        name: wanted.name,
        description: wanted.description ?? null,
        ...(wanted.color === undefined ? {} : { color: wanted.color }),
      });
      return one("label", renderLabel(call.simulation.organisation.urls, repository, made), 201);
    },
  },
  {
    method: "PATCH",
    path: "/labels/:name",
    permission: WRITE,
    or: "pull_requests",
    content: true,
    handle: (call, repository) => {
      const wanted = bodyOf(call, LabelEdit);
      const label = perform(call, "editLabel", {
        ...inRepository(call, repository),
        name: param(call, "name"),
        ...(wanted.new_name === undefined ? {} : { newName: wanted.new_name }),
        ...(wanted.color === undefined ? {} : { color: wanted.color }),
        ...(wanted.description === undefined ? {} : { description: wanted.description }),
      });
      return one("label", renderLabel(call.simulation.organisation.urls, repository, label));
    },
  },
  {
    method: "DELETE",
    path: "/labels/:name",
    permission: WRITE,
    or: "pull_requests",
    handle: (call, repository) => {
      perform(call, "deleteLabel", { ...inRepository(call, repository), name: param(call, "name") });
      return NO_CONTENT;
    },
  },
  {
    method: "GET",
    path: "/issues/:number/labels",
    permission: READ,
    or: "pull_requests",
    handle: (call, repository) => labelsOf(call, conversationOf(call, repository)),
  },
  {
    method: "POST",
    path: "/issues/:number/labels",
    permission: WRITE,
    or: "pull_requests",
    content: true,
    handle: (call, repository) => {
      const on = conversationOf(call, repository);
      const wanted = bodyOf(call, Names);
      const target = { ...inRepository(call, repository), number: on.number };
      for (const label of Array.isArray(wanted) ? wanted : wanted.labels) perform(call, "label", { ...target, label });
      return labelsOf(call, on);
    },
  },
  {
    method: "DELETE",
    path: "/issues/:number/labels/:label",
    permission: WRITE,
    or: "pull_requests",
    handle: (call, repository) => {
      const on = conversationOf(call, repository);
      perform(call, "unlabel", { ...inRepository(call, repository), number: on.number, label: param(call, "label") });
      return labelsOf(call, on);
    },
  },
  {
    method: "POST",
    path: "/issues/:number/assignees",
    permission: WRITE,
    or: "pull_requests",
    content: true,
    handle: assigneesRoute("assign"),
  },
  {
    method: "DELETE",
    path: "/issues/:number/assignees",
    permission: WRITE,
    or: "pull_requests",
    handle: assigneesRoute("unassign"),
  },
]);
