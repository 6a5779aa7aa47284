import type { HandledEvent } from "../domain.js";
import { checkRun } from "./check-run.js";
import { checkSuite } from "./check-suite.js";
import { deployment } from "./deployment.js";
import { deploymentStatus } from "./deployment-status.js";
import { deploymentProtectionRule } from "./deployment-protection-rule.js";
import { githubAppAuthorization } from "./github-app-authorization.js";
import type { Handler } from "./handler.js";
import { installation } from "./installation.js";
import { installationRepositories } from "./installation-repositories.js";
import { issueComment } from "./issue-comment.js";
import { issues } from "./issues.js";
import { mergeGroup } from "./merge-group.js";
import { pullRequest } from "./pull-request.js";
import { pullRequestReview } from "./pull-request-review.js";
import { push } from "./push.js";
import { release } from "./release.js";
import { repository } from "./repository.js";

/** Every handled event with its handler. */
export const HANDLERS: Readonly<Record<HandledEvent, Handler>> = {
  pull_request: pullRequest,
  pull_request_review: pullRequestReview,
  push,
  issues,
  issue_comment: issueComment,
  deployment,
  deployment_status: deploymentStatus,
  release,
  installation,
  installation_repositories: installationRepositories,
  repository,
  check_run: checkRun,
  check_suite: checkSuite,
  merge_group: mergeGroup,
  deployment_protection_rule: deploymentProtectionRule,
  github_app_authorization: githubAppAuthorization,
};
