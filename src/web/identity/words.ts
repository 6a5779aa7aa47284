import { AppError } from "../../errors.js";
import { SignInRefused } from "./provider.js";

interface Words {
  readonly status: 400 | 403 | 502 | 503;
  readonly what: string;
  readonly todo: string;
}

const AGAIN = "Start again from this page.";

/** The text for a person whose sign-in ended without a session. */
const REFUSALS: Readonly<Record<string, Words>> = {
  state_missing: { status: 400, what: "This address is only valid at the end of a sign-in", todo: AGAIN },
  state_unknown: { status: 400, what: "This sign-in was already used, or did not start on this server", todo: AGAIN },
  state_expired: { status: 400, what: "The sign-in took more than ten minutes", todo: AGAIN },
  browser_unknown: {
    status: 400,
    what: "The sign-in did not start in this browser",
    todo: "Start again from this page, with cookies allowed and in the same browser window.",
  },
  browser_foreign: { status: 400, what: "The sign-in started in another browser", todo: AGAIN },
  access_denied: {
    status: 403,
    what: "You did not allow the App at GitHub",
    todo: "Nothing was stored. Start again when you want to connect.",
  },
  bad_verification_code: { status: 400, what: "GitHub does not accept the code of this sign-in", todo: AGAIN },
  redirect_uri_mismatch: {
    status: 502,
    what: "The address of this server is not a callback URL of the App",
    todo: "An admin has to add it as a callback URL in the App's settings, and set PUBLIC_URL to the same address.",
  },
  incorrect_client_credentials: {
    status: 502,
    what: "GitHub does not accept the App's client secret",
    todo: "An admin has to set GITHUB_CLIENT_ID and GITHUB_CLIENT_SECRET to the values of the App's settings.",
  },
};

/** Null: an unexpected error. */
export function wordsFor(error: unknown): Words | null {
  if (error instanceof SignInRefused)
    return REFUSALS[error.code] ?? { status: 400, what: "GitHub refused the sign-in", todo: AGAIN };
  if (!(error instanceof AppError)) return null;
  if (error.kind === "network")
    return { status: 503, what: "GitHub does not answer", todo: "Nothing was stored. Try again in a minute." };
  if (error.kind === "rate-limit")
    return { status: 503, what: "GitHub's rate limit for this App is reached", todo: "Try again in a few minutes." };
  if (error.kind === "authentication") return { status: 400, what: "GitHub refused the sign-in", todo: AGAIN };
  return null;
}
