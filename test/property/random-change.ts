import { apply } from "../../simulator/organisation/apply.js";
import { ChangeRefused } from "../../simulator/organisation/changes/find.js";
import type { Conversation } from "../../simulator/organisation/conversation.js";
import type { Organisation } from "../../simulator/organisation/organisation.js";
import { fullName, type Repository } from "../../simulator/organisation/repository.js";
import { between, choose, pick, type Random } from "../../simulator/random.js";

const PEOPLE = ["octocat", "hubot", "mona", "lisa", "nobody", "ci[bot]"] as const;
const LABELS = ["bug", "documentation", "enhancement", "question", "urgent", "later"] as const;
const BRANCHES = ["main", "next", "topic", "fix"] as const;
const WORDS = [
  "",
  "alpha",
  "beta",
  "gamma",
  "fixes #1",
  "line\nbreak",
  "quote ' and \u0000 nul",
  "\ud83d\ude80",
] as const;

type Act = (organisation: Organisation, random: Random, repository: Repository) => void;

/** Ids of the latest things of a kind: the fewer there are, the more often one changes twice in one second. */
const numbersOf = (things: ReadonlyMap<number, unknown>): number[] => [...things.keys()].slice(-4);

function words(random: Random): string {
  return `${choose(random, WORDS)} ${between(random, 1, 4)}`;
}

function where(random: Random, repository: Repository) {
  return { repository: fullName(repository), by: choose(random, PEOPLE) };
}

/** Does something to one of the numbered things that the repository has, if it has any. */
function onOne(
  things: (repository: Repository) => ReadonlyMap<number, unknown>,
  act: (
    organisation: Organisation,
    target: { readonly repository: string; readonly by: string; readonly number: number },
    random: Random,
  ) => void,
): Act {
  return (organisation, random, repository) => {
    const number = pick(random, numbersOf(things(repository)));
    if (number !== undefined) act(organisation, { ...where(random, repository), number }, random);
  };
}

const issues = (repository: Repository) => repository.issues;
const pulls = (repository: Repository) => repository.pulls;
const both = (repository: Repository): ReadonlyMap<number, Conversation> =>
  new Map<number, Conversation>([...repository.issues, ...repository.pulls]);

function onComment(act: (organisation: Organisation, comment: number, random: Random, by: string) => void): Act {
  return (organisation, random, repository) => {
    const comments = [...both(repository).values()].flatMap((on) => on.comments);
    const comment = pick(random, comments.slice(-4));
    if (comment !== undefined) act(organisation, comment.id, random, choose(random, PEOPLE));
  };
}

/** Everything that can happen in a repository and that GitHub tells of, with how often it does. */
const ACTS: readonly (readonly [number, Act])[] = [
  [
    6,
    (o, random, r) =>
      apply(o, "openIssue", {
        ...where(random, r),
        title: words(random),
        body: words(random),
        labels: [choose(random, LABELS)],
        assignees: [choose(random, PEOPLE)],
        author: choose(random, PEOPLE),
      }),
  ],
  [6, onOne(issues, (o, on, random) => apply(o, "editIssue", { ...on, title: words(random), body: words(random) }))],
  [4, onOne(issues, (o, on) => apply(o, "closeIssue", on))],
  [3, onOne(issues, (o, on) => apply(o, "reopenIssue", on))],
  [1, onOne(issues, (o, on) => apply(o, "deleteIssue", on))],
  [1, (o, random, r) => transferIssue(o, random, r, ({ comments }) => comments.length === 0)],
  [
    6,
    (o, random, r) =>
      apply(o, "openPull", {
        ...where(random, r),
        title: words(random),
        body: words(random),
        draft: random() < 0.3,
        author: choose(random, PEOPLE),
        labels: [choose(random, LABELS)],
        commits: commits(random),
      }),
  ],
  [5, onOne(pulls, (o, on, random) => apply(o, "editPull", { ...on, title: words(random), body: words(random) }))],
  [3, onOne(pulls, (o, on) => apply(o, "closePull", on))],
  [2, onOne(pulls, (o, on) => apply(o, "reopenPull", on))],
  [3, onOne(pulls, (o, on) => apply(o, "mergePull", on))],
  [2, onOne(pulls, (o, on) => apply(o, "readyPull", on))],
  [2, onOne(pulls, (o, on) => apply(o, "draftPull", on))],
  [5, onOne(both, (o, on, random) => apply(o, "label", { ...on, label: choose(random, LABELS) }))],
  [4, onOne(both, (o, on, random) => apply(o, "unlabel", { ...on, label: choose(random, LABELS) }))],
  [3, onOne(both, (o, on, random) => apply(o, "assign", { ...on, assignee: choose(random, PEOPLE) }))],
  [3, onOne(both, (o, on, random) => apply(o, "unassign", { ...on, assignee: choose(random, PEOPLE) }))],
  [4, onOne(pulls, (o, on, random) => apply(o, "requestReviewer", { ...on, ...reviewer(random) }))],
  [3, onOne(pulls, (o, on, random) => apply(o, "unrequestReviewer", { ...on, ...reviewer(random) }))],
  [
    5,
    onOne(pulls, (o, on, random) =>
      apply(o, "submitReview", {
        ...on,
        state: choose(random, ["APPROVED", "CHANGES_REQUESTED", "COMMENTED"]),
        body: choose(random, WORDS),
        author: choose(random, PEOPLE),
      }),
    ),
  ],
  [3, onReview((o, review, random) => apply(o, "editReview", { review, body: words(random) }))],
  [2, onReview((o, review) => apply(o, "dismissReview", { review }))],
  [
    7,
    onOne(both, (o, on, random) =>
      apply(o, "addComment", { ...on, body: words(random), author: choose(random, PEOPLE) }),
    ),
  ],
  [5, onComment((o, comment, random, by) => apply(o, "editComment", { comment, body: words(random), by }))],
  [3, onComment((o, comment, _random, by) => apply(o, "deleteComment", { comment, by }))],
  [
    6,
    (o, random, r) =>
      apply(o, "push", {
        ...where(random, r),
        branch: choose(random, BRANCHES),
        commits: commits(random),
        force: random() < 0.2,
        ...(random() < 0.2 && { truncateAt: 1 }),
      }),
  ],
  [1, (o, random, r) => apply(o, "deleteBranch", { ...where(random, r), branch: choose(random, BRANCHES) })],
  [1, (o, random, r) => apply(o, "createTag", { ...where(random, r), tag: `t${between(random, 1, 5)}` })],
  [1, (o, random, r) => apply(o, "deleteTag", { ...where(random, r), tag: `t${between(random, 1, 5)}` })],
  [
    3,
    (o, random, r) =>
      apply(o, "createDeployment", {
        ...where(random, r),
        environment: choose(random, ["production", "staging"]),
        description: words(random),
      }),
  ],
  [
    5,
    (o, random, r) =>
      onId(r.deployments, random, (deployment) =>
        apply(o, "setDeploymentStatus", {
          deployment,
          state: choose(random, ["pending", "in_progress", "success", "failure", "inactive"]),
          description: words(random),
        }),
      ),
  ],
  [
    3,
    (o, random, r) =>
      apply(o, "createRelease", {
        ...where(random, r),
        tag: `v${between(random, 1, 9)}`,
        name: words(random),
        body: words(random),
        draft: random() < 0.3,
        prerelease: random() < 0.3,
      }),
  ],
  [
    3,
    (o, random, r) =>
      onId(r.releases, random, (release) =>
        apply(o, "editRelease", { release, name: words(random), body: words(random) }),
      ),
  ],
  [1, (o, random, r) => onId(r.releases, random, (release) => apply(o, "publishRelease", { release }))],
  [1, (o, random, r) => onId(r.releases, random, (release) => apply(o, "deleteRelease", { release }))],
  [1, (o, random, r) => apply(o, "deleteLabel", { ...where(random, r), name: choose(random, LABELS) })],
  [
    1,
    (o, random, r) =>
      apply(o, "renameRepository", { ...where(random, r), name: `name-${r.id}-${between(random, 1, 3)}` }),
  ],
  [1, (o, random, r) => apply(o, random() < 0.5 ? "archiveRepository" : "unarchiveRepository", where(random, r))],
  [
    1,
    (o, random, r) =>
      apply(o, "setVisibility", { ...where(random, r), visibility: choose(random, ["public", "private"]) }),
  ],
  [1, (o, random, r) => apply(o, "editRepository", { ...where(random, r), description: words(random) })],
  [0.02, (o, random, r) => apply(o, "deleteRepository", where(random, r))],
];

/** What GitHub tells in no delivery of ours. */
const UNTOLD = {
  /** What carries the label keeps its version. */
  "label's name": [3, (o, random, r) => renameLabel(o, random, r)],
  /** They get other ids. */
  "moved comments": [2, (o, random, r) => transferIssue(o, random, r, ({ comments }) => comments.length > 0)],
} as const satisfies Readonly<Record<string, readonly [number, Act]>>;
export type Untold = keyof typeof UNTOLD;

/** Changes something in the organisation at random; false when GitHub would have refused it, and nothing changed. */
export function changeSomething(
  organisation: Organisation,
  random: Random,
  { untold = [] }: { readonly untold?: readonly Untold[] } = {},
): boolean {
  const acts = [...ACTS, ...untold.map((name) => UNTOLD[name])];
  const total = acts.reduce((sum, [weight]) => sum + weight, 0);
  const repository = pick(random, [...organisation.repositories.values()]);
  if (repository === undefined) return false;
  let at = random() * total;
  const act = acts.find(([weight]) => (at -= weight) < 0)?.[1];
  try {
    act?.(organisation, random, repository);
  } catch (error) {
    if (error instanceof ChangeRefused) return false;
    throw error;
  }
  return organisation.outbox.length > 0;
}

function renameLabel(organisation: Organisation, random: Random, repository: Repository): void {
  const label = pick(random, [...repository.labels.values()]);
  const newName = `${choose(random, LABELS)} ${between(random, 1, 9)}`;
  if (label === undefined || repository.labels.has(newName)) return;
  apply(organisation, "editLabel", { ...where(random, repository), name: label.name, newName });
}

/** Moved comments get new ids without a delivery: only a sync finds them. */
function transferIssue(
  organisation: Organisation,
  random: Random,
  from: Repository,
  isMeant: (issue: Conversation) => boolean,
): void {
  const target = pick(
    random,
    [...organisation.repositories.values()].filter((each) => each !== from),
  );
  const issue = pick(random, [...from.issues.values()].filter(isMeant));
  if (target === undefined || issue === undefined) return;
  apply(organisation, "transferIssue", { ...where(random, from), number: issue.number, to: fullName(target) });
}

function onReview(act: (organisation: Organisation, review: number, random: Random) => void): Act {
  return (organisation, random, repository) => {
    const review = pick(random, [...repository.pulls.values()].flatMap((pull) => pull.reviews).slice(-4));
    if (review !== undefined) act(organisation, review.id, random);
  };
}

function onId(things: ReadonlyMap<number, unknown>, random: Random, act: (id: number) => void): void {
  const id = pick(random, numbersOf(things));
  if (id !== undefined) act(id);
}

function reviewer(random: Random) {
  return random() < 0.3 ? { team: "core" } : { reviewer: choose(random, PEOPLE) };
}

function commits(random: Random) {
  return Array.from({ length: between(random, 1, 3) }, () => ({
    message: words(random),
    files: [{ path: `file-${between(random, 1, 4)}.txt`, content: words(random) }],
  }));
}
