import { z } from "zod";
import type { Section } from "../../settings/section.js";

const off = (what: string) => z.boolean().default(false).describe(what);

const noticeSettings = z.strictObject({
  merged: off("Send a notice when a pull request is merged"),
  approved: off("Send a notice when a pull request is approved"),
  changesRequested: off("Send a notice when a review requests changes"),
  released: off("Send a notice when a release is published"),
  deployed: off("Send a notice when a deployment has succeeded"),
  deploymentFailed: off("Send a notice when a deployment has failed"),
});
export type NoticeName = keyof z.output<typeof noticeSettings>;

/** `notices:` in the settings. */
export const NOTICES: Section<z.output<typeof noticeSettings>> = {
  name: "notices",
  about: "Notices of ordinary events, sent to the same places as alerts",
  schema: noticeSettings,
  example: `# Notices of ordinary events, sent to the same places as alerts. Every notice is off by default.
notices:
  merged: false
  approved: false
  changesRequested: false
  released: true
  deployed: false
  deploymentFailed: true
`,
};
