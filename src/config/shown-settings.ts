import { redact } from "../log.js";
import { VARIABLES } from "./variables.js";

/** A variable for display. A secret shows only whether it is set. */
export interface ShownSetting {
  readonly name: string;
  readonly value: string;
  readonly secret: boolean;
  /** Whether the environment sets it. */
  readonly isSet: boolean;
  readonly note: string;
}

/** Every variable with its value, for the Operations page. Addresses are shown without user and password. */
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
