import type { Change } from "../../agents/code-review/change.js";
import { readPlace } from "../../github/review/extended.js";
import type { Run } from "../run.js";
import { readLayer } from "./read-layers.js";
import { type FileProblems, SETTINGS_PATH } from "./read-settings.js";

/**
 * Checks the settings file that a change writes, before it is merged. Only this file: what it extends is read when it
 * applies. Null: the change writes none.
 */
export async function proposedSettings(run: Run, change: Change, headSha: string): Promise<FileProblems | null> {
  const changed = change.files.find(({ path, status }) => path === SETTINGS_PATH && status !== "removed");
  if (!changed) return null;
  const { owner, name } = run.repository.ref;
  // An earlier review may have read it: then its text was not read again.
  const text = changed.text ?? (await readPlace(run.client, { owner, name, path: SETTINGS_PATH }, headSha));
  if (text === undefined) return null;
  const { problems } = await readLayer(run.source, text);
  return { file: `${owner}/${name}:${SETTINGS_PATH}`, own: true, problems };
}
