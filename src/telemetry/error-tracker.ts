import { referenceOf } from "./reference.js";

/** Receives unexpected errors, in addition to the log. */
export interface ErrorTracker {
  /** Sends the error in the background. Returns a reference for the log and for the person who made the request. */
  capture(error: unknown, about: Readonly<Record<string, string | null>>): string;
  /** Sends waiting errors, for some seconds at most. */
  close(): Promise<void>;
}

/** Without error tracking the reference leads to the log. */
export const UNTRACKED: ErrorTracker = {
  capture: referenceOf,
  close: () => Promise.resolve(),
};
