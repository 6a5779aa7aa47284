import type { IssueEvent } from "../organisation/conversation.js";
import { renderApp } from "../render/app.js";
import { iso } from "../render/time.js";
import { renderAuthor } from "../render/user.js";
import type { Call } from "../server/call.js";
import { page } from "../server/page.js";
import { repositoryRoutes } from "../server/repository-route.js";
import { conversationOf } from "./issues.js";

function render({ simulation }: Call, { id, event, actor, createdAt, about }: IssueEvent) {
  const { urls, app } = simulation.organisation;
  return {
    id,
    node_id: `IE_${id}`,
    url: "",
    actor: renderAuthor(urls, actor),
    event,
    commit_id: null,
    commit_url: null,
    created_at: iso(createdAt),
    ...about,
    performed_via_github_app: actor === app.bot ? renderApp(simulation.organisation) : null,
  };
}

/** Who did what to an issue or pull request. Source: GitHub's REST reference, 'List issue events'. */
export const issueEventRoutes = repositoryRoutes([
  {
    method: "GET",
    path: "/issues/:number/events",
    permission: ["issues", "read"],
    or: "pull_requests",
    handle: (call, repository) =>
      page(call, "issue-event", conversationOf(call, repository).events, (each) => render(call, each)),
  },
]);
