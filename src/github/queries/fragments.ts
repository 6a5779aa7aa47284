/** The rate limit in each answer: the cost of the query in points, the points left, and the reset. */
export const RATE_LIMIT = "rateLimit { cost limit remaining resetAt }";

export const PAGE_INFO = "pageInfo { hasNextPage endCursor }";

/** An account of any kind. `EnterpriseUserAccount` has no numeric id and is treated as unknown. */
export const ACTOR = `fragment Actor on Actor {
  __typename
  login
  ... on User { id databaseId }
  ... on Bot { id databaseId }
  ... on Mannequin { id databaseId }
  ... on Organization { id databaseId }
}`;

export const LABEL = `fragment Label on Label { id name color description }`;

/** The changing parts of a pull request: every field that can differ between two reads a second apart. */
export const PULL_REQUEST = `fragment PullRequest on PullRequest {
  id
  fullDatabaseId
  number
  title
  body
  state
  isDraft
  locked
  authorAssociation
  author { ...Actor }
  headRefName
  headRefOid
  headRepository { databaseId }
  baseRefName
  baseRefOid
  mergeCommit { oid }
  mergedAt
  closedAt
  createdAt
  updatedAt
  mergedBy { ...Actor }
  additions
  deletions
  changedFiles
  commits { totalCount }
  statusCheckRollup { state }
  labels(first: $nested, after: $labelsAfter) { ${PAGE_INFO} nodes { ...Label } }
  assignees(first: $nested, after: $assigneesAfter) { ${PAGE_INFO} nodes { ...Actor } }
  reviewRequests(first: $nested, after: $requestsAfter) {
    ${PAGE_INFO}
    nodes { requestedReviewer { __typename ...Actor ... on Team { id databaseId slug name } } }
  }
  reviews(first: $reviews, after: $reviewsAfter) { ${PAGE_INFO} nodes { ...Review } }
  closingIssuesReferences(first: $nested, after: $linksAfter) {
    ${PAGE_INFO}
    nodes { id fullDatabaseId number repository { databaseId nameWithOwner } }
  }
}`;

export const REVIEW = `fragment Review on PullRequestReview {
  id
  fullDatabaseId
  state
  body
  submittedAt
  updatedAt
  author { ...Actor }
  commit { oid }
}`;

/** The variables of the pull request fragment: sizes and positions of the nested lists. */
export const PULL_REQUEST_VARIABLES =
  "$nested: Int!, $reviews: Int!, $labelsAfter: String, $assigneesAfter: String, $requestsAfter: String, $reviewsAfter: String, $linksAfter: String";

export const ISSUE = `fragment Issue on Issue {
  id
  fullDatabaseId
  number
  title
  body
  state
  stateReason
  locked
  authorAssociation
  author { ...Actor }
  milestone { title }
  closedAt
  createdAt
  updatedAt
  labels(first: $nested, after: $labelsAfter) { ${PAGE_INFO} nodes { ...Label } }
  assignees(first: $nested, after: $assigneesAfter) { ${PAGE_INFO} nodes { ...Actor } }
}`;

export const ISSUE_VARIABLES = "$nested: Int!, $labelsAfter: String, $assigneesAfter: String";
