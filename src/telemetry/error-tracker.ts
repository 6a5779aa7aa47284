import { referenceOf } from "./reference.js";

/** Where unexpected errors go beside the log. */
export interface ErrorTracker {
  /** Sends it in the background. Gives a reference, to be logged and told to whoever asked: it names the event there. */
  capture(error: unknown, about: Readonly<Record<string, string | null>>): string;
  /** Sends what waits, for some seconds at most. */
  close(): Promise<void>;
}

/** No error tracking is configured: the reference leads to the log. */
export const UNTRACKED: ErrorTracker = {
  capture: referenceOf,
  close: () => Promise.resolve(),
};
