import { say, type Said } from "../../../text/say.js";

/** The kinds of problems that a model may choose, with the app's text for each. */
export const KINDS = {
  "wrong-condition": say`This condition looks wrong.`,
  "off-by-one": say`This looks off by one.`,
  "missing-check": say`This can be missing, null or undefined, and nothing checks it.`,
  "wrong-argument": say`This passes something else than what is expected here.`,
  "unhandled-failure": say`When this fails, nothing handles it.`,
  "missing-await": say`Nothing waits for this.`,
  race: say`Another call can come in between here.`,
  "resource-leak": say`What this opens may never be closed.`,
  "data-loss": say`This can lose or overwrite data.`,
  "missing-authorisation": say`Nothing checks here whether the caller may do this.`,
  "untrusted-input": say`Input from outside is used here as it comes.`,
  "never-runs": say`This can never run, or never end.`,
} as const satisfies Readonly<Record<string, Said>>;
export type Kind = keyof typeof KINDS;

/** The rule id of its findings. Settings of rules do not include it; `/ignore` does. */
export const MODEL_RULE = "model/";

export const WHY = "A model found this and may be wrong.";
