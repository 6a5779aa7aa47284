import * as accounts from "./accounts.js";
import * as advisories from "./advisories.js";
import * as checkRuns from "./check-runs.js";
import * as comments from "./comments.js";
import * as deployments from "./deployments.js";
import * as gates from "./gates.js";
import * as installationRepositories from "./installation-repositories.js";
import * as installations from "./installations.js";
import * as issues from "./issues.js";
import * as labelling from "./labelling.js";
import * as labels from "./labels.js";
import * as mergeQueue from "./merge-queue.js";
import * as pullOpen from "./pull-open.js";
import * as pullState from "./pull-state.js";
import * as pushes from "./pushes.js";
import * as reactions from "./reactions.js";
import * as releases from "./releases.js";
import * as repositories from "./repositories.js";
import * as reviewComments from "./review-comments.js";
import * as reviewers from "./reviewers.js";
import * as reviews from "./reviews.js";
import * as threads from "./threads.js";

/** Every change by its name. A change takes plain data, so that it can also come over HTTP. */
export const CHANGES = {
  publishAdvisory: advisories.publishAdvisory,
  openPull: pullOpen.openPull,
  editPull: pullState.editPull,
  closePull: pullState.closePull,
  reopenPull: pullState.reopenPull,
  mergePull: pullState.mergePull,
  queuePull: mergeQueue.queuePull,
  mergeBase: mergeQueue.mergeBase,
  readyPull: pullState.readyPull,
  draftPull: pullState.draftPull,
  push: pushes.push,
  deleteBranch: pushes.deleteBranch,
  createTag: pushes.createTag,
  deleteTag: pushes.deleteTag,
  label: labelling.label,
  unlabel: labelling.unlabel,
  assign: labelling.assign,
  unassign: labelling.unassign,
  requestReviewer: reviewers.requestReviewer,
  unrequestReviewer: reviewers.unrequestReviewer,
  submitReview: reviews.submitReview,
  editReview: reviews.editReview,
  dismissReview: reviews.dismissReview,
  replyToReviewComment: reviewComments.replyToReviewComment,
  editReviewComment: reviewComments.editReviewComment,
  deleteReviewComment: reviewComments.deleteReviewComment,
  openIssue: issues.openIssue,
  editIssue: issues.editIssue,
  closeIssue: issues.closeIssue,
  reopenIssue: issues.reopenIssue,
  lockIssue: issues.lockIssue,
  deleteIssue: issues.deleteIssue,
  transferIssue: issues.transferIssue,
  addComment: comments.addComment,
  editComment: comments.editComment,
  deleteComment: comments.deleteComment,
  react: reactions.react,
  unreact: reactions.unreact,
  resolveThread: threads.resolveThread,
  minimizeComment: threads.minimizeComment,
  createDeployment: deployments.createDeployment,
  setDeploymentStatus: deployments.setDeploymentStatus,
  createRelease: releases.createRelease,
  publishRelease: releases.publishRelease,
  editRelease: releases.editRelease,
  deleteRelease: releases.deleteRelease,
  createLabel: labels.createLabel,
  editLabel: labels.editLabel,
  deleteLabel: labels.deleteLabel,
  createRepository: repositories.createRepository,
  renameRepository: repositories.renameRepository,
  transferRepository: repositories.transferRepository,
  setVisibility: repositories.setVisibility,
  archiveRepository: repositories.archiveRepository,
  unarchiveRepository: repositories.unarchiveRepository,
  editRepository: repositories.editRepository,
  deleteRepository: repositories.deleteRepository,
  blockRepository: repositories.blockRepository,
  setIssues: repositories.setIssues,
  setRole: repositories.setRole,
  setMembership: accounts.setMembership,
  install: installations.install,
  uninstall: installations.uninstall,
  suspendInstallation: installations.suspendInstallation,
  unsuspendInstallation: installations.unsuspendInstallation,
  acceptPermissions: installations.acceptPermissions,
  addRepositories: installationRepositories.addRepositories,
  removeRepositories: installationRepositories.removeRepositories,
  revokeAuthorization: installations.revokeAuthorization,
  renameAccount: accounts.renameAccount,
  deleteAccount: accounts.deleteAccount,
  createCheckRun: checkRuns.createCheckRun,
  updateCheckRun: checkRuns.updateCheckRun,
  rerequestCheckRun: checkRuns.rerequestCheckRun,
  rerequestCheckSuite: checkRuns.rerequestCheckSuite,
  setCommitStatus: gates.setCommitStatus,
  requireChecks: gates.requireChecks,
  startJob: gates.startJob,
  reviewJob: gates.reviewJob,
};

export type ChangeName = keyof typeof CHANGES;
export type ChangeInput<K extends ChangeName> = Parameters<(typeof CHANGES)[K]>[1];
export type ChangeResult<K extends ChangeName> = ReturnType<(typeof CHANGES)[K]>;

/** A change as data. */
export type Change = { [K in ChangeName]: { readonly change: K; readonly input: ChangeInput<K> } }[ChangeName];

export function isChangeName(name: string): name is ChangeName {
  return Object.hasOwn(CHANGES, name);
}
