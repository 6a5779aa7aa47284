export type Level = "read" | "write";
export type Permission = readonly [name: string, level: Level];

/**
 * The permissions that each call below a repository needs; any one of them is enough. Source: GitHub's REST reference,
 * 'Permissions required for GitHub Apps'; for GraphQL, which documents none, the REST call with the same effect.
 * `resolveReviewThread` has no such call: GitHub answers FORBIDDEN without `contents: write`.
 */
export const CALL_PERMISSIONS = {
  "GET /repos/{owner}/{repo}": [["metadata", "read"]],
  "GET /repos/{owner}/{repo}/collaborators/{username}/permission": [["metadata", "read"]],
  "GET /repos/{owner}/{repo}/commits/{ref}/check-runs": [["checks", "read"]],
  "GET /repos/{owner}/{repo}/commits/{ref}": [["contents", "read"]],
  "GET /repos/{owner}/{repo}/commits/{ref}/status": [["statuses", "read"]],
  "GET /repos/{owner}/{repo}/compare/{basehead}": [["contents", "read"]],
  "GET /repos/{owner}/{repo}/contents/{path}": [["contents", "read"]],
  "GET /repos/{owner}/{repo}/deployments": [["deployments", "read"]],
  "GET /repos/{owner}/{repo}/deployments/{id}": [["deployments", "read"]],
  "GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses": [["deployments", "read"]],
  "GET /repos/{owner}/{repo}/git/blobs/{file_sha}": [["contents", "read"]],
  "GET /repos/{owner}/{repo}/issues": [["issues", "read"]],
  "GET /repos/{owner}/{repo}/issues/{issue_number}": [
    ["issues", "read"],
    ["pull_requests", "read"],
  ],
  "GET /repos/{owner}/{repo}/issues/comments": [
    ["issues", "read"],
    ["pull_requests", "read"],
  ],
  "GET /repos/{owner}/{repo}/issues/comments/{comment_id}": [
    ["issues", "read"],
    ["pull_requests", "read"],
  ],
  "GET /repos/{owner}/{repo}/issues/{issue_number}/events": [
    ["issues", "read"],
    ["pull_requests", "read"],
  ],
  "GET /repos/{owner}/{repo}/check-runs/{check_run_id}": [["checks", "read"]],
  "GET /repos/{owner}/{repo}/pulls/{pull_number}/comments": [["pull_requests", "read"]],
  "GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews/{review_id}": [["pull_requests", "read"]],
  "GET /repos/{owner}/{repo}/issues/{issue_number}/comments": [
    ["issues", "read"],
    ["pull_requests", "read"],
  ],
  "GET /repos/{owner}/{repo}/labels": [
    ["issues", "read"],
    ["pull_requests", "read"],
  ],
  "GET /repos/{owner}/{repo}/pulls/{pull_number}/files": [["pull_requests", "read"]],
  "GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews": [["pull_requests", "read"]],
  "GET /repos/{owner}/{repo}/rules/branches/{branch}": [["metadata", "read"]],
  "GET /repos/{owner}/{repo}/releases": [["contents", "read"]],
  "GET /repos/{owner}/{repo}/releases/{id}": [["contents", "read"]],
  "POST /repos/{owner}/{repo}/issues/{issue_number}/comments": [
    ["issues", "write"],
    ["pull_requests", "write"],
  ],
  "PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}": [
    ["issues", "write"],
    ["pull_requests", "write"],
  ],
  "DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}": [
    ["issues", "write"],
    ["pull_requests", "write"],
  ],
  "DELETE /repos/{owner}/{repo}/issues/{issue_number}/reactions/{reaction_id}": [["issues", "write"]],
  "DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions/{reaction_id}": [["issues", "write"]],
  "PUT /repos/{owner}/{repo}/pulls/{pull_number}/reviews/{review_id}/dismissals": [["pull_requests", "write"]],
  "DELETE /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers": [["pull_requests", "write"]],
  "POST /repos/{owner}/{repo}/issues/{issue_number}/reactions": [["issues", "write"]],
  "POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions": [["issues", "write"]],
  "POST /repos/{owner}/{repo}/issues/{issue_number}/labels": [
    ["issues", "write"],
    ["pull_requests", "write"],
  ],
  "DELETE /repos/{owner}/{repo}/issues/{issue_number}/labels/{name}": [
    ["issues", "write"],
    ["pull_requests", "write"],
  ],
  "POST /repos/{owner}/{repo}/issues": [["issues", "write"]],
  "PATCH /repos/{owner}/{repo}/issues/{issue_number}": [
    ["issues", "write"],
    ["pull_requests", "write"],
  ],
  "POST /repos/{owner}/{repo}/check-runs": [["checks", "write"]],
  "PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}": [["checks", "write"]],
  "POST /repos/{owner}/{repo}/pulls/{pull_number}/reviews": [["pull_requests", "write"]],
  "POST /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers": [["pull_requests", "write"]],
  "POST /repos/{owner}/{repo}/deployments": [["deployments", "write"]],
  "POST /repos/{owner}/{repo}/actions/runs/{run_id}/deployment_protection_rule": [["deployments", "write"]],
  "MUTATION minimizeComment": [
    ["issues", "write"],
    ["pull_requests", "write"],
  ],
  "MUTATION updatePullRequestReviewComment": [["pull_requests", "write"]],
  "MUTATION resolveReviewThread": [["contents", "write"]],
} as const satisfies Readonly<Record<string, readonly Permission[]>>;

export type KnownCall = keyof typeof CALL_PERMISSIONS;
