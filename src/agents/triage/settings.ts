import { z } from "zod";
import { nameList } from "../../settings/glob-setting.js";
import type { Section } from "../../settings/section.js";

const labelName = z.string().min(1).max(100);

/** `triage:` in the settings. */
export const triageSettings = z.strictObject({
  enabled: z.boolean().default(true).describe("Whether new issues are triaged"),
  waitMinutes: z
    .number()
    .min(0)
    .max(1_440)
    .default(5)
    .describe("Minutes that triage waits, so that a person can answer first"),
  ignore: z
    .strictObject({
      authors: nameList
        .default(["*[bot]"])
        .describe("Logins whose issues are not triaged; `*` stands for any characters"),
    })
    .prefault({}),
  labels: z
    .strictObject({
      enabled: z.boolean().default(true).describe("Add labels learned from the repository's history"),
      precision: z
        .number()
        .min(0.5)
        .max(0.99)
        .default(0.9)
        .describe(
          "The precision that a label must reach on the repository's later issues; otherwise triage does not add it",
        ),
      only: z
        .array(labelName)
        .max(200)
        .nullable()
        .default(null)
        .describe("Labels that may be added; null: every label of the repository"),
    })
    .prefault({}),
  questions: z.boolean().default(true).describe("Ask once for empty required fields of the issue form"),
  security: z.boolean().default(true).describe("Link the security policy in likely security reports"),
  duplicates: z
    .strictObject({
      enabled: z.boolean().default(true).describe("Find similar issues; only maintainers see them, in the run"),
      shown: z.int().min(1).max(10).default(3).describe("How many similar issues a run names"),
      label: labelName
        .nullable()
        .default(null)
        .describe("The label of an issue that a person confirms as a duplicate in the triage queue; null: none"),
    })
    .prefault({}),
  spam: z
    .strictObject({
      enabled: z.boolean().default(true).describe("Look for signs of advertising, and put them before a person"),
      label: labelName
        .nullable()
        .default(null)
        .describe("The label of an issue that a person confirms as spam in the triage queue; null: none"),
    })
    .prefault({}),
  responseGoal: z
    .strictObject({
      hours: z
        .number()
        .min(1)
        .max(2_000)
        .nullable()
        .default(null)
        .describe("Working hours until a person's first answer; the triage page shows issues beyond it. Null: no goal"),
      byLabel: z
        .record(labelName, z.number().min(1).max(2_000))
        .default({})
        .describe("Goals of single labels; the strictest of an issue's labels holds"),
      from: z.number().min(0).max(23).default(9).describe("When working hours begin, UTC"),
      to: z.number().min(1).max(24).default(17).describe("When working hours end, UTC"),
      days: z.array(z.int().min(0).max(6)).default([1, 2, 3, 4, 5]).describe("Working days; 0 is Sunday"),
    })
    .prefault({}),
  writesPerDay: z
    .int()
    .min(0)
    .max(10_000)
    .default(100)
    .describe("The most labels and comments that triage writes in this repository in 24 hours"),
});
export type TriageSettings = Readonly<z.output<typeof triageSettings>>;

export const TRIAGE: Section<TriageSettings> = {
  name: "triage",
  about: "The issue triage agent",
  schema: triageSettings,
  example: `triage:
  enabled: true

  # Wait, so that a person can answer first. Triage never changes a person's decision.
  waitMinutes: 5

  ignore:
    authors: ["*[bot]"]

  # Triage adds a label only if its precision in this repository is high enough.
  labels:
    enabled: true
    precision: 0.9
    only: [bug, enhancement, question]

  # At most one question, about empty required fields of the issue form.
  questions: true

  # A likely security report gets a link to SECURITY.md; its text is never quoted.
  security: true

  # Similar issues are shown in the run, and never posted.
  duplicates:
    enabled: true
    shown: 3
    label: duplicate

  # Signs of advertising are put before a person in the triage queue.
  spam:
    label: spam

  # Working hours (UTC) until a person's first answer; the triage page shows what is overdue.
  responseGoal:
    hours: 40
    byLabel: { bug: 16 }
    from: 8
    to: 16

  writesPerDay: 100
`,
};
