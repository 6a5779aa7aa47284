import { DEFAULT_SETTINGS, type Settings, settingsSchema } from "../../settings/schema.js";
import type { KnownRepository } from "../../store/repositories/find-repository.js";
import { permissionsOf } from "../../store/reviews/permissions.js";
import { lastGoodSettings } from "../../store/reviews/settings.js";
import type { JobContext } from "../../jobs/job.js";
import { mayRead } from "./permissions.js";
import type { ReviewOptions } from "./options.js";
import { readSettings, settingsTexts } from "./read-settings.js";

/**
 * The settings of a repository as its default branch has them now, for work that reads no pull request. Where nothing may
 * be read, the last that were.
 */
export async function currentSettings(
  { store, clock }: JobContext,
  options: Pick<ReviewOptions, "client" | "inspector">,
  { installationId, ref }: KnownRepository,
): Promise<Settings> {
  if (!mayRead(await permissionsOf(store.sql, installationId), "contents")) {
    const last = await lastGoodSettings(store.sql, installationId, ref.id);
    return (last && settingsSchema.safeParse(last.settings).data) ?? DEFAULT_SETTINGS;
  }
  const client = options.client(installationId);
  const tenant = { installationId, repository: ref };
  const reader = { store, client, inspector: options.inspector, now: clock.now() };
  return (await readSettings(reader, tenant, await settingsTexts(client, ref))).settings;
}
