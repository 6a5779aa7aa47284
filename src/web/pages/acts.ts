import { type Act, recordAct } from "../../store/people/audit.js";
import { actorOf } from "../viewer.js";
import type { Answer, PageContext } from "./page.js";

/** A person's action on an installation by a form of the pages. */
export type PageAct = Pick<Act, "installationId" | "action" | "target" | "detail">;

/** The result of a form; each form route returns its actions, so that all are recorded. */
export interface Done {
  readonly answer: Answer;
  readonly acts: readonly PageAct[];
}

/** Records the actions with their person. */
export async function recordActs({ viewer, site, now }: PageContext, acts: readonly PageAct[]): Promise<void> {
  for (const act of acts) await recordAct(site.store.sql, { ...act, ...actorOf(viewer) }, now);
}
