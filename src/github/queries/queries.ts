import { COUNT_COMMENTS } from "./count-comments.js";
import { GET_COMMIT_DETAILS } from "./get-commit-details.js";
import { GET_DEPLOYMENTS } from "./get-deployments.js";
import { GET_ISSUE_DETAILS } from "./get-issue-details.js";
import { GET_ORG_ACTIVITY } from "./get-org-activity.js";
import { GET_ORG_REPOSITORIES } from "./get-org-repositories.js";
import { GET_PULL_REQUEST_CHECKS } from "./get-pull-request-checks.js";
import { GET_PULL_REQUEST_DETAILS } from "./get-pull-request-details.js";
import { GET_REPOSITORY_ISSUES } from "./get-repository-issues.js";
import { GET_REPOSITORY_WITH_PRS } from "./get-repository-with-prs.js";
import { GET_VIEWER_INFO } from "./get-viewer-info.js";
import { LIST_ISSUES, LIST_PULL_REQUESTS } from "./list-conversations.js";
import { REVIEW_CONTEXT } from "../review/context-query.js";
import { SEARCH_PULL_REQUESTS } from "./search-pull-requests.js";

/** The eight queries of the original system. */
export const ORIGINAL_QUERIES = [
  GET_PULL_REQUEST_DETAILS,
  GET_REPOSITORY_WITH_PRS,
  GET_ORG_REPOSITORIES,
  GET_COMMIT_DETAILS,
  SEARCH_PULL_REQUESTS,
  GET_DEPLOYMENTS,
  GET_VIEWER_INFO,
  GET_REPOSITORY_ISSUES,
] as const;

/** Every document that the app sends to GitHub. */
export const QUERIES = [
  ...ORIGINAL_QUERIES,
  GET_ISSUE_DETAILS,
  GET_ORG_ACTIVITY,
  LIST_PULL_REQUESTS,
  LIST_ISSUES,
  COUNT_COMMENTS,
  GET_PULL_REQUEST_CHECKS,
  REVIEW_CONTEXT,
] as const;
