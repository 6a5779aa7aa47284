import { z } from "zod";
import { QUEUE_KINDS, type QueueItem, questionsAbout } from "../agents/triage/queue.js";
import { triageSettings } from "../agents/triage/settings.js";
import type { Scope } from "../store/scope.js";
import type { Sql } from "../store/store.js";
import { type TriagedIssue, triagedIssues } from "../store/triage/answers.js";

/** A question of the queue, and the issue that it is about. */
export interface QueuedQuestion {
  readonly issue: TriagedIssue;
  readonly item: QueueItem;
  /** The label that the issue gets when the answer is yes; null: none. */
  readonly label: string | null;
}

/** The most open issues that one report reads. */
const MOST = 500;
const Settings = triageSettings.catch(triageSettings.parse({}));

/** What people have to decide, by urgency and then the newest issue first. */
export async function triageQueue(sql: Sql, scope: Scope, now: Date): Promise<readonly QueuedQuestion[]> {
  const installations = scope.installations.map(({ id }) => id);
  const issues = await triagedIssues(sql, installations, now, MOST);
  const all = issues.flatMap((issue) => {
    const settings = Settings.parse(issue.settings ?? {});
    const { hours, byLabel, from, to, days } = settings.responseGoal;
    const goals = { hours, byLabel, working: { from, to, days } };
    return questionsAbout(issue, goals, now).map((item) => ({ issue, item, label: labelOf(item, settings) }));
  });
  return all.toSorted((a, b) => QUEUE_KINDS.indexOf(a.item.kind) - QUEUE_KINDS.indexOf(b.item.kind));
}

function labelOf({ kind, reference }: QueueItem, settings: z.output<typeof triageSettings>): string | null {
  switch (kind) {
    case "unsure":
      return reference;
    case "spam":
      return settings.spam.label;
    case "duplicate":
      return settings.duplicates.label;
    case "security":
    case "overdue":
      return null;
  }
}
