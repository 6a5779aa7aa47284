import { account, type Organisation } from "../organisation.js";
import type { PullRequest } from "../conversation.js";
import { renderTeam } from "../../render/conversation.js";
import { renderUser } from "../../render/user.js";
import { emitConversation } from "./conversations.js";
import { actor, ChangeRefused, pullNumbered, touch, type OnNumber } from "./find.js";

/** A person by login, or a team by slug. */
export interface ReviewerInput extends OnNumber {
  readonly reviewer?: string;
  readonly team?: string;
}

function teamOf(organisation: Organisation, slug: string) {
  const team = organisation.teams.find((each) => each.slug === slug);
  if (team === undefined) throw new ChangeRefused(422, `no team ${slug}`);
  return team;
}

export function requestReviewer(organisation: Organisation, input: ReviewerInput): PullRequest {
  const pull = pullNumbered(organisation, input);
  const { urls } = organisation;
  if (input.team !== undefined) {
    const team = teamOf(organisation, input.team);
    if (pull.requestedTeams.includes(team)) return pull;
    pull.requestedTeams = [...pull.requestedTeams, team];
    touch(organisation, pull);
    emitConversation(organisation, pull, "review_requested", actor(organisation, input), {
      requested_team: renderTeam(urls, pull.repository.owner, team),
    });
    return pull;
  }
  const reviewer = account(organisation, input.reviewer ?? "octocat");
  if (pull.requestedReviewers.includes(reviewer)) return pull;
  pull.requestedReviewers = [...pull.requestedReviewers, reviewer];
  touch(organisation, pull);
  emitConversation(organisation, pull, "review_requested", actor(organisation, input), {
    requested_reviewer: renderUser(urls, reviewer),
  });
  return pull;
}

export function unrequestReviewer(organisation: Organisation, input: ReviewerInput): PullRequest {
  const pull = pullNumbered(organisation, input);
  const { urls } = organisation;
  if (input.team !== undefined) {
    const team = teamOf(organisation, input.team);
    if (!pull.requestedTeams.includes(team)) return pull;
    pull.requestedTeams = pull.requestedTeams.filter((each) => each !== team);
    touch(organisation, pull);
    emitConversation(organisation, pull, "review_request_removed", actor(organisation, input), {
      requested_team: renderTeam(urls, pull.repository.owner, team),
    });
    return pull;
  }
  const reviewer = account(organisation, input.reviewer ?? "octocat");
  if (!pull.requestedReviewers.includes(reviewer)) return pull;
  pull.requestedReviewers = pull.requestedReviewers.filter((each) => each !== reviewer);
  touch(organisation, pull);
  emitConversation(organisation, pull, "review_request_removed", actor(organisation, input), {
    requested_reviewer: renderUser(urls, reviewer),
  });
  return pull;
}
