import { z } from "zod";
import { noticeSettings } from "./notices.js";
import { reviewSettings } from "./review.js";

/** `.github/companyos.yml`: strict, so that a typing error is told and not passed over. */
export const settingsSchema = z.strictObject({
  _extends: z
    .union([z.string(), z.array(z.string()).max(5)])
    .optional()
    .describe("Another repository's file below this one, by Probot's config"),
  shadow: z.boolean().default(false).describe("Decide and record everything, and write nothing"),
  notices: noticeSettings.prefault({}).describe("What is told where alerts go, though nothing is wrong"),
  review: reviewSettings.prefault({}).describe("The code review agent"),
});
export type Settings = Readonly<z.output<typeof settingsSchema>>;

/** What holds where there is no file. */
export const DEFAULT_SETTINGS: Settings = settingsSchema.parse({});
