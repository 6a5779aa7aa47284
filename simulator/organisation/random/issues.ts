import { pick } from "../../random.js";
import { fullName } from "../repository.js";
import { anyIssue, anyNumber, labelName, maybeGhost, person, prose, sentence, type Generator } from "./context.js";

const open: Generator = (draw) => ({
  change: "openIssue",
  input: {
    ...draw.in,
    ...maybeGhost(draw.random),
    title: sentence(draw.random),
    body: prose(draw.random),
    labels: draw.random() < 0.5 ? [labelName(draw.random)] : [],
  },
});

const edit: Generator = (draw) => {
  const issue = anyIssue(draw);
  if (issue === null) return null;
  return {
    change: "editIssue",
    input: { ...draw.in, number: issue.number, title: sentence(draw.random), body: prose(draw.random) },
  };
};

const close: Generator = (draw) => {
  const issue = anyIssue(draw, "open");
  const reason = draw.random() < 0.3 ? "not_planned" : "completed";
  return issue === null ? null : { change: "closeIssue", input: { ...draw.in, number: issue.number, reason } };
};

const reopen: Generator = (draw) => {
  const issue = anyIssue(draw, "closed");
  return issue === null ? null : { change: "reopenIssue", input: { ...draw.in, number: issue.number } };
};

const remove: Generator = (draw) => {
  const issue = draw.random() < 0.5 ? anyIssue(draw) : null;
  return issue === null ? null : { change: "deleteIssue", input: { ...draw.in, number: issue.number } };
};

/** Comments move along without events, so only an issue without any can be followed by deliveries alone. */
const transfer: Generator = (draw) => {
  const issue = anyIssue(draw);
  const others = [...draw.organisation.repositories.values()].filter(
    (each) => each !== draw.repository && each.owner === draw.repository.owner && !each.archived,
  );
  const to = pick(draw.random, others);
  if (issue === null || to === undefined || issue.comments.length > 0) return null;
  return { change: "transferIssue", input: { ...draw.in, number: issue.number, to: fullName(to) } };
};

const comment: Generator = (draw) => {
  const number = anyNumber(draw);
  if (number === null) return null;
  return {
    change: "addComment",
    input: { ...draw.in, ...maybeGhost(draw.random), number, body: sentence(draw.random) },
  };
};

const anyComment: (draw: Parameters<Generator>[0]) => number | null = ({ random, repository }) => {
  const all = [...repository.issues.values(), ...repository.pulls.values()].flatMap((on) => on.comments);
  return pick(random, all)?.id ?? null;
};

const editComment: Generator = (draw) => {
  const id = anyComment(draw);
  return id === null
    ? null
    : { change: "editComment", input: { by: draw.in.by, comment: id, body: sentence(draw.random) } };
};

const deleteComment: Generator = (draw) => {
  const id = anyComment(draw);
  return id === null ? null : { change: "deleteComment", input: { by: draw.in.by, comment: id } };
};

const label: Generator = (draw) => {
  const number = anyNumber(draw);
  return number === null ? null : { change: "label", input: { ...draw.in, number, label: labelName(draw.random) } };
};

const unlabel: Generator = (draw) => {
  const number = anyNumber(draw);
  const on = number === null ? undefined : (draw.repository.issues.get(number) ?? draw.repository.pulls.get(number));
  const found = pick(draw.random, on?.labels ?? []);
  if (number === null || found === undefined) return null;
  return { change: "unlabel", input: { ...draw.in, number, label: found.name } };
};

const assign: Generator = (draw) => {
  const number = anyNumber(draw);
  return number === null ? null : { change: "assign", input: { ...draw.in, number, assignee: person(draw.random) } };
};

const unassign: Generator = (draw) => {
  const number = anyNumber(draw);
  return number === null ? null : { change: "unassign", input: { ...draw.in, number, assignee: person(draw.random) } };
};

export const issueGenerators: readonly Generator[] = [
  open,
  open,
  edit,
  close,
  reopen,
  remove,
  transfer,
  comment,
  comment,
  editComment,
  deleteComment,
  label,
  label,
  unlabel,
  assign,
  unassign,
];

const renameLabel: Generator = (draw) => {
  const { random, repository } = draw;
  const found = pick(random, [...repository.labels.values()]);
  const newName = `${labelName(random)} ${Math.floor(random() * 3)}`;
  if (found === undefined || repository.labels.has(newName.toLowerCase())) return null;
  return { change: "editLabel", input: { ...draw.in, name: found.name, newName } };
};

/** No delivery that the app is subscribed to tells of them: only a sync finds them. */
export const untoldGenerators: readonly Generator[] = [renameLabel];
