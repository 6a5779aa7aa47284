import { z } from "zod";
import type { Issue, PullRequest } from "../organisation/conversation.js";
import { fullName, type Repository } from "../organisation/repository.js";
import { renderIssue } from "../render/issue.js";
import { failure, NOT_FOUND, one, type Answer } from "../server/answer.js";
import { Answered, bodyOf, numberParam, type Call } from "../server/call.js";
import { page } from "../server/page.js";
import { repositoryRoutes } from "../server/repository-route.js";
import { inRepository, perform } from "./changes.js";
import { select } from "./sorting.js";

/** The issue or pull request of the route's number; a transferred one is a 301 and a deleted one a 410. */
export function conversationOf(call: Call, repository: Repository): Issue | PullRequest {
  const number = numberParam(call, "number");
  const found = repository.issues.get(number) ?? repository.pulls.get(number);
  if (found !== undefined) return found;
  const moved = repository.moved.get(number);
  if (moved !== undefined) {
    const url = `${call.simulation.organisation.urls.api}/repos/${fullName(moved.repository)}/issues/${moved.number}`;
    throw new Answered({ status: 301, headers: { location: url }, body: { message: "Moved Permanently", url } });
  }
  throw new Answered(repository.gone.has(number) ? failure(410, "This issue was deleted") : NOT_FOUND);
}

const NewIssue = z.object({
  title: z.string(),
  body: z.string().nullish(),
  labels: z.array(z.string()).optional(),
  assignees: z.array(z.string()).optional(),
});

const IssueEdit = z.object({
  title: z.string().optional(),
  body: z.string().nullish(),
  state: z.enum(["open", "closed"]).optional(),
  state_reason: z.enum(["completed", "not_planned", "reopened"]).nullish(),
  labels: z.array(z.string()).optional(),
  assignees: z.array(z.string()).optional(),
});

type Edit = z.infer<typeof IssueEdit>;
type On = { readonly by: string; readonly repository: string; readonly number: number };

function setState(call: Call, on: Issue | PullRequest, target: On, edit: Edit): void {
  if (edit.state === undefined || edit.state === on.state) return;
  if (on.kind === "pull") perform(call, edit.state === "open" ? "reopenPull" : "closePull", target);
  else if (edit.state === "open") perform(call, "reopenIssue", target);
  else {
    const reason = edit.state_reason === "not_planned" ? "not_planned" : "completed";
    perform(call, "closeIssue", { ...target, reason });
  }
}

function setMembers(call: Call, on: Issue | PullRequest, target: On, edit: Edit): void {
  if (edit.labels !== undefined) {
    const wanted = new Set(edit.labels.map((name) => name.toLowerCase()));
    const gone = on.labels.filter((each) => !wanted.has(each.name.toLowerCase()));
    for (const { name } of gone) perform(call, "unlabel", { ...target, label: name });
    for (const label of edit.labels) perform(call, "label", { ...target, label });
  }
  if (edit.assignees === undefined) return;
  const gone = on.assignees.filter((each) => edit.assignees?.includes(each.login) === false);
  for (const { login } of gone) perform(call, "unassign", { ...target, assignee: login });
  for (const assignee of edit.assignees) perform(call, "assign", { ...target, assignee });
}

function editConversation(call: Call, repository: Repository): Answer {
  const on = conversationOf(call, repository);
  const edit = bodyOf(call, IssueEdit);
  const target = { ...inRepository(call, repository), number: on.number };
  perform(call, on.kind === "pull" ? "editPull" : "editIssue", {
    ...target,
    ...(edit.title === undefined ? {} : { title: edit.title }),
    ...(edit.body === undefined ? {} : { body: edit.body }),
  });
  setMembers(call, on, target, edit);
  setState(call, on, target, edit);
  return one("issue", renderIssue(call.simulation.organisation.urls, on));
}

export const issueRoutes = repositoryRoutes([
  {
    method: "GET",
    path: "/issues",
    permission: ["issues", "read"],
    handle: (call, repository) => {
      const labels = call.query.get("labels")?.split(",") ?? [];
      const all: (Issue | PullRequest)[] = [...repository.issues.values(), ...repository.pulls.values()];
      const found = select(call, all).filter((each) =>
        labels.every((label) => each.labels.some(({ name }) => name.toLowerCase() === label.toLowerCase())),
      );
      return page(call, "issue", found, (each) => renderIssue(call.simulation.organisation.urls, each));
    },
  },
  {
    method: "POST",
    path: "/issues",
    permission: ["issues", "write"],
    content: true,
    handle: (call, repository) => {
      if (!repository.takesIssues) return failure(410, "Issues has been disabled in this repository.");
      const wanted = bodyOf(call, NewIssue);
      const issue = perform(call, "openIssue", {
        ...inRepository(call, repository),
        title: wanted.title,
        body: wanted.body ?? null,
        labels: wanted.labels ?? [],
        assignees: wanted.assignees ?? [],
      });
      return one("issue", renderIssue(call.simulation.organisation.urls, issue), 201);
    },
  },
  {
    method: "GET",
    path: "/issues/:number",
    permission: ["issues", "read"],
    or: "pull_requests",
    handle: (call, repository) =>
      one("issue", renderIssue(call.simulation.organisation.urls, conversationOf(call, repository))),
  },
  {
    method: "PATCH",
    path: "/issues/:number",
    permission: ["issues", "write"],
    or: "pull_requests",
    content: true,
    handle: editConversation,
  },
]);
