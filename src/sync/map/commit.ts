import { type CommitBody, commitFact } from "../../facts/commit.js";
import type { CommitFact } from "../../facts/fact.js";
import type { Scope } from "../../facts/scope.js";
import type { CommitNode } from "../../github/queries/get-commit-details.js";

/** The same fact as from REST's list, without files, which only a push has. */
export function commitNodeFact(node: CommitNode, scope: Scope): CommitFact {
  return commitFact(
    {
      sha: node.oid,
      commit: {
        message: node.message,
        tree: { sha: node.tree.oid },
        author: personOf(node.author),
        committer: personOf(node.committer),
      },
      author: node.author?.user && { login: node.author.user.login },
      committer: node.committer?.user && { login: node.committer.user.login },
      parents: parentsOf(node),
    },
    scope,
  );
}

function personOf(person: CommitNode["author"]) {
  return person && { name: person.name, email: person.email, username: person.user?.login ?? null, date: person.date };
}

/** Null when there are more than requested: a partial list would hide commits from a range. */
function parentsOf({ parents }: CommitNode): CommitBody["parents"] {
  return parents.pageInfo.hasNextPage ? null : parents.nodes.map(({ oid }) => ({ sha: oid }));
}
