import { redact } from "../log.js";
import { VARIABLES } from "./variables.js";

/** A variable as people are shown it. A secret says only whether it is set. */
export interface ShownSetting {
  readonly name: string;
  readonly value: string;
  readonly secret: boolean;
  /** The environment gives it a value. */
  readonly isSet: boolean;
  readonly note: string;
}

/** Every variable with what it is set to, for the Operations page. Addresses lose their user and password. */
export function shownSettings(env: Readonly<Record<string, string | undefined>>): readonly ShownSetting[] {
  return Object.values(VARIABLES).map(({ name, secret, fallback, summary }) => {
    const given = env[name]?.trim() ?? "";
    const value =
      given === "" ? (fallback === "" ? "not set" : `${fallback} (default)`) : secret ? "set" : withoutUser(given);
    return { name, value: redact(value), secret, isSet: given !== "", note: summary };
  });
}

function withoutUser(text: string): string {
  return text.replaceAll(/([a-z][a-z0-9+.-]*:\/\/)[^/@\s]+@/gi, "$1…@");
}
