import { z } from "zod";
import type { Attempt } from "../attempt.js";

const Event = z
  .object({
    event: z.string(),
    actor: z.object({ login: z.string() }).nullish(),
    label: z.object({ name: z.string() }).nullish(),
    requested_reviewer: z.object({ login: z.string() }).nullish(),
    requested_team: z.object({ slug: z.string() }).nullish(),
  })
  .transform(({ event, actor, label, requested_reviewer: user, requested_team: team }) => ({
    event,
    by: actor?.login ?? null,
    about: label?.name ?? user?.login ?? team?.slug ?? null,
  }));
export type IssueEvent = z.output<typeof Event>;

/** The events of an issue or pull request with their actors, oldest first. */
export async function eventsOf(
  attempt: Attempt,
  where: { readonly owner: string; readonly repo: string },
  issue: number,
): Promise<readonly IssueEvent[]> {
  const route = "GET /repos/{owner}/{repo}/issues/{issue_number}/events";
  const found: IssueEvent[] = [];
  for await (const page of attempt.github.pages(route, { ...where, issue_number: issue }))
    found.push(...z.array(Event).catch([]).parse(page));
  return found;
}

/** The state of one label or reviewer after its newest event. */
export type Standing = "ours" | "undone" | { readonly by: string } | null;

/** Null: no event concerns it. `undone`: the newest event is the App's undo. */
export async function standingOf(
  events: readonly IssueEvent[],
  names: { readonly on: string; readonly off: string; readonly about: string },
  attempt: Attempt,
): Promise<Standing> {
  const same = (a: string | null, b: string) => a?.toLowerCase() === b.toLowerCase();
  const last = events.findLast(
    ({ event, about }) => (event === names.on || event === names.off) && same(about, names.about),
  );
  if (!last) return null;
  const { login } = await attempt.identity();
  if (!same(last.by, login)) return { by: last.by ?? "a deleted account" };
  return last.event === names.on ? "ours" : "undone";
}

/** Why something is no longer as the App left it, according to people's events; null: it is. */
export function reasonToLeave(standing: Standing, about: string): string | null {
  if (standing === "ours") return null;
  if (standing === null) return `${about}: it was there before the app`;
  if (standing === "undone") return `${about}: it is taken back already`;
  return `${about}: ${standing.by} changed it since`;
}
