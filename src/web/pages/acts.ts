import { type Act, recordAct } from "../../store/people/audit.js";
import type { Viewer } from "../viewer.js";
import type { Answer, PageContext } from "./page.js";

/** A person's action on an installation by a form of the pages. */
export type PageAct = Pick<Act, "installationId" | "action" | "target" | "detail">;

/** The result of a form; each form route returns its actions, so that all are recorded. */
export interface Done {
  readonly answer: Answer;
  readonly acts: readonly PageAct[];
}

const VIA = { user: "session", "admin-token": "admin-token", "api-token": "api-token" } as const satisfies Readonly<
  Record<Viewer["kind"], Act["via"]>
>;

/** Records the actions with their person. */
export async function recordActs({ viewer, site, now }: PageContext, acts: readonly PageAct[]): Promise<void> {
  const { userId, login, kind } = viewer;
  for (const act of acts) await recordAct(site.store.sql, { ...act, userId, login, via: VIA[kind] }, now);
}
