import { z } from "zod";

const off = (what: string) => z.boolean().default(false).describe(what);

/** `notices:` in the settings: what is told to the places where alerts go, though nothing is wrong. */
export const noticeSettings = z.strictObject({
  merged: off("Tell when a pull request is merged"),
  approved: off("Tell when a pull request is approved"),
  changesRequested: off("Tell when changes are requested"),
  released: off("Tell when a release is published"),
  deployed: off("Tell when a deployment has succeeded"),
  deploymentFailed: off("Tell when a deployment has failed"),
});
export type NoticeName = keyof z.output<typeof noticeSettings>;
