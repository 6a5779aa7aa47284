import { goalFor, type WorkingHours, workingHoursBetween } from "./clock.js";

/** An open issue with what triage last made of it, and what people have said. */
export interface QueuedIssue {
  readonly createdAt: Date;
  readonly labels: readonly string[];
  /** A person other than the author commented, or is assigned. */
  readonly answered: boolean;
  readonly scores: readonly { readonly label: string; readonly score: number; readonly threshold: number | null }[];
  readonly hints: readonly string[];
  readonly spam: readonly string[];
  readonly similar: readonly { readonly number: number }[];
  /** `kind reference` of each question that a person decided in the queue. */
  readonly answers: readonly string[];
}

export const QUEUE_KINDS = ["security", "spam", "overdue", "unsure", "duplicate"] as const;
export type QueueKind = (typeof QUEUE_KINDS)[number];

/** One question to a person. `reference`: the label, or the number of the other issue. */
export interface QueueItem {
  readonly kind: QueueKind;
  readonly reference: string;
  readonly question: string;
}

export interface Goals {
  readonly hours: number | null;
  readonly byLabel: Readonly<Record<string, number>>;
  readonly working: WorkingHours;
}

/** A score of at least this share of its threshold is worth a person's look. */
const NEARLY = 0.6;

/** What people have to decide about an issue, the most urgent first; at most one question of each kind. */
export function questionsAbout(issue: QueuedIssue, goals: Goals, now: Date): readonly QueueItem[] {
  return [security(issue), spam(issue), overdue(issue, goals, now), unsure(issue), duplicate(issue)].filter(
    (item): item is QueueItem => item !== null && !issue.answers.includes(`${item.kind} ${item.reference}`),
  );
}

function security({ hints }: QueuedIssue): QueueItem | null {
  if (!hints.includes("security")) return null;
  return { kind: "security", reference: "", question: "Is this a security report? Yes keeps it in the audit log." };
}

function spam({ spam: signs }: QueuedIssue): QueueItem | null {
  if (signs.length === 0) return null;
  return { kind: "spam", reference: "", question: `Is this spam? ${signs.join("; ")}` };
}

function overdue({ answered, createdAt, labels }: QueuedIssue, goals: Goals, now: Date): QueueItem | null {
  const goal = goalFor(labels, goals);
  if (goal === null || answered) return null;
  const waited = workingHoursBetween(createdAt, now, goals.working);
  if (waited <= goal) return null;
  const question = `No answer after ${Math.floor(waited)} working hours; the goal is ${goal}. Yes takes it off this list.`;
  return { kind: "overdue", reference: String(goal), question };
}

function unsure({ labels, scores }: QueuedIssue): QueueItem | null {
  if (labels.length > 0) return null;
  const [best] = scores
    .filter(({ score, threshold }) => threshold !== null && score < threshold && score >= NEARLY * threshold)
    .toSorted((a, b) => b.score - a.score);
  if (!best) return null;
  const percent = (share: number) => `${Math.round(share * 100)} %`;
  return {
    kind: "unsure",
    reference: best.label,
    question: `Add the label ${best.label}? ${percent(best.score)} sure, ${percent(best.threshold ?? 1)} needed.`,
  };
}

function duplicate({ similar }: QueuedIssue): QueueItem | null {
  const [best] = similar;
  if (!best) return null;
  return { kind: "duplicate", reference: String(best.number), question: `Is this a duplicate of #${best.number}?` };
}
