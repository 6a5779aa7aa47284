import { pick } from "../../random.js";
import { anyPull, maybeGhost, person, prose, sentence, word, type Generator } from "./context.js";

const open: Generator = (draw) => ({
  change: "openPull",
  input: {
    ...draw.in,
    ...maybeGhost(draw.random),
    title: sentence(draw.random),
    body: `${prose(draw.random)}${draw.random() < 0.3 ? ` Fixes #${1 + Math.floor(draw.random() * draw.repository.nextNumber)}` : ""}`,
    draft: draw.random() < 0.2,
    commits: [
      {
        message: sentence(draw.random),
        files: [{ path: `src/${word(draw.random)}.ts`, content: `${prose(draw.random)}\n` }],
      },
    ],
  },
});

const edit: Generator = (draw) => {
  const pull = anyPull(draw);
  if (pull === null) return null;
  const { random } = draw;
  const what = random() < 0.5 ? { title: sentence(random) } : { body: prose(random) };
  return { change: "editPull", input: { ...draw.in, number: pull.number, ...what } };
};

const close: Generator = (draw) => {
  const pull = anyPull(draw, "open");
  return pull === null ? null : { change: "closePull", input: { ...draw.in, number: pull.number } };
};

const reopen: Generator = (draw) => {
  const pull = anyPull(draw, "closed");
  return pull === null || pull.mergedAt !== null
    ? null
    : { change: "reopenPull", input: { ...draw.in, number: pull.number } };
};

const merge: Generator = (draw) => {
  const pull = anyPull(draw, "open");
  if (pull === null || pull.draft) return null;
  return { change: "mergePull", input: { ...draw.in, number: pull.number } };
};

const toggleDraft: Generator = (draw) => {
  const pull = anyPull(draw, "open");
  if (pull === null) return null;
  return { change: pull.draft ? "readyPull" : "draftPull", input: { ...draw.in, number: pull.number } };
};

const synchronize: Generator = (draw) => {
  const pull = anyPull(draw, "open");
  if (pull === null || pull.headRepository !== draw.repository) return null;
  const content = `${prose(draw.random)}\n${sentence(draw.random)}\n`;
  const files = [{ path: `src/${word(draw.random)}.ts`, content }];
  const commits = [{ message: sentence(draw.random), files }];
  return { change: "push", input: { ...draw.in, branch: pull.headRef, commits, force: draw.random() < 0.3 } };
};

const request: Generator = (draw) => {
  const pull = anyPull(draw, "open");
  if (pull === null) return null;
  const team = draw.random() < 0.3 ? pick(draw.random, draw.organisation.teams)?.slug : undefined;
  const whom = team === undefined ? { reviewer: person(draw.random) } : { team };
  return { change: "requestReviewer", input: { ...draw.in, number: pull.number, ...whom } };
};

const unrequest: Generator = (draw) => {
  const pull = anyPull(draw, "open");
  const reviewer = pick(draw.random, pull?.requestedReviewers ?? []);
  if (pull === null || reviewer === undefined) return null;
  return { change: "unrequestReviewer", input: { ...draw.in, number: pull.number, reviewer: reviewer.login } };
};

const review: Generator = (draw) => {
  const pull = anyPull(draw);
  if (pull === null) return null;
  const state = pick(draw.random, ["APPROVED", "CHANGES_REQUESTED", "COMMENTED"] as const) ?? "COMMENTED";
  const { random } = draw;
  return {
    change: "submitReview",
    input: { ...draw.in, ...maybeGhost(random), number: pull.number, state, body: prose(random) },
  };
};

const editReview: Generator = (draw) => {
  const review = pick(draw.random, anyPull(draw)?.reviews ?? []);
  if (review === undefined) return null;
  return { change: "editReview", input: { by: draw.in.by, review: review.id, body: prose(draw.random) } };
};

const dismiss: Generator = (draw) => {
  const review = pick(draw.random, anyPull(draw)?.reviews ?? []);
  if (review === undefined || review.state === "COMMENTED") return null;
  return { change: "dismissReview", input: { by: draw.in.by, review: review.id } };
};

export const pullGenerators: readonly Generator[] = [
  open,
  open,
  edit,
  close,
  reopen,
  merge,
  toggleDraft,
  synchronize,
  synchronize,
  request,
  unrequest,
  review,
  review,
  editReview,
  dismiss,
];
