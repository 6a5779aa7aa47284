import { say, type Said } from "../../../text/say.js";

/** What a model may say about a line: it picks, and these are the words. */
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

/** What its findings are called: settings of rules do not know them, `/ignore` does. */
export const MODEL_RULE = "model/";

export const WHY = "A model found this and may be wrong.";
