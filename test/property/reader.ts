import { history, commitsBetween } from "../../simulator/organisation/git.js";
import { covers, type Installation } from "../../simulator/organisation/installation.js";
import type { Node, Organisation } from "../../simulator/organisation/organisation.js";
import type { Repository } from "../../simulator/organisation/repository.js";
import { renderInstallation } from "../../simulator/render/app.js";
import { renderComment, renderReview } from "../../simulator/render/comment.js";
import { renderCommit } from "../../simulator/render/commit.js";
import { renderDeployment, renderDeploymentStatus, renderRelease } from "../../simulator/render/deployment.js";
import { renderIssue } from "../../simulator/render/issue.js";
import { renderPull } from "../../simulator/render/pull.js";
import { renderRepository } from "../../simulator/render/repository.js";
import { GoneError } from "../../src/errors.js";
import type { GitHubReader, RepositoryRef } from "../../src/github/reader.js";

/** Answers as GitHub's REST API would, straight from the model: what is true at the moment of the call. */
export function modelReader(organisation: Organisation, installation: Installation): GitHubReader {
  const { urls } = organisation;
  const repository = ({ id }: Pick<RepositoryRef, "id">): Repository => {
    const found = organisation.repositories.get(Number(id));
    if (found === undefined || !covers(installation, found)) throw new GoneError(`no repository ${id}`);
    return found;
  };
  const node = <K extends Node["kind"]>(kind: K, id: bigint): Extract<Node, { kind: K }> => {
    const found = organisation.nodes.get(Number(id));
    const is = (each: Node | undefined): each is Extract<Node, { kind: K }> => each?.kind === kind;
    if (!is(found)) throw new GoneError(`no ${kind} ${id}`);
    return found;
  };
  const body = async (render: () => unknown): Promise<unknown> => structuredClone(render());
  return {
    repository: (id) => body(() => renderRepository(urls, repository({ id }))),
    pullRequest: (ref, number) =>
      body(() => {
        const pull = repository(ref).pulls.get(number);
        if (pull === undefined) throw new GoneError(`no pull request ${number}`);
        return renderPull(urls, pull);
      }),
    review: (_ref, _number, id) => body(() => renderReview(organisation, node("review", id))),
    issue: (ref, number) =>
      body(() => {
        const home = repository(ref);
        const issue = home.issues.get(number) ?? home.moved.get(number) ?? home.pulls.get(number);
        if (issue === undefined) throw new GoneError(`no issue ${number}`);
        return renderIssue(urls, issue);
      }),
    issueComment: (_ref, id) => body(() => renderComment(organisation, node("comment", id))),
    deployment: (_ref, id) => body(() => renderDeployment(organisation, node("deployment", id))),
    deploymentStatus: (_ref, _deployment, id) =>
      body(() => renderDeploymentStatus(organisation, node("deployment-status", id))),
    release: (_ref, id) => body(() => renderRelease(organisation, node("release", id))),
    async *commits(ref, base, head) {
      const home = repository(ref);
      const from = home.branches.get(base) ?? base;
      if ([...history(home, head)].length === 0) throw new GoneError(`no commit ${head}`);
      for (const commit of commitsBetween(home, from, head)) yield renderCommit(urls, home, commit, false);
    },
    installation: () => body(() => renderInstallation(organisation, installation)),
    async *repositories() {
      for (const each of organisation.repositories.values()) {
        if (covers(installation, each)) yield renderRepository(urls, each);
      }
    },
  };
}
