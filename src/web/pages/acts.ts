import { type Act, recordAct } from "../../store/people/audit.js";
import type { Viewer } from "../viewer.js";
import type { Answer, PageContext } from "./page.js";

/** What a person did to an installation by a form of the pages. */
export type PageAct = Pick<Act, "installationId" | "action" | "target" | "detail">;

/** How a form was taken: each route of a form says what it did, so that all of it is on record. */
export interface Done {
  readonly answer: Answer;
  readonly acts: readonly PageAct[];
}

const VIA = { user: "session", "admin-token": "admin-token", "api-token": "api-token" } as const satisfies Readonly<
  Record<Viewer["kind"], Act["via"]>
>;

/** Records the acts with the person who made them. */
export async function recordActs({ viewer, site, now }: PageContext, acts: readonly PageAct[]): Promise<void> {
  const { userId, login, kind } = viewer;
  for (const act of acts) await recordAct(site.store.sql, { ...act, userId, login, via: VIA[kind] }, now);
}
