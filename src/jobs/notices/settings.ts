import { z } from "zod";
import type { Section } from "../../settings/section.js";

const off = (what: string) => z.boolean().default(false).describe(what);

const noticeSettings = z.strictObject({
  merged: off("Tell when a pull request is merged"),
  approved: off("Tell when a pull request is approved"),
  changesRequested: off("Tell when changes are requested"),
  released: off("Tell when a release is published"),
  deployed: off("Tell when a deployment has succeeded"),
  deploymentFailed: off("Tell when a deployment has failed"),
});
export type NoticeName = keyof z.output<typeof noticeSettings>;

/** `notices:` in the settings. */
export const NOTICES: Section<z.output<typeof noticeSettings>> = {
  name: "notices",
  about: "What is told where alerts go, though nothing is wrong",
  schema: noticeSettings,
  example: `# What is told to the places where alerts go, though nothing is wrong. Everything is off unless it is chosen.
notices:
  merged: false
  approved: false
  changesRequested: false
  released: true
  deployed: false
  deploymentFailed: true
`,
};
