import { type Disconnected, reconnectRemedy } from "../alerts/reconnect.js";
import type { ErrorKind } from "../../errors.js";
import type { Answered } from "../answered.js";
import { type Granted, missingEvents, missingPermissions, type Wanted } from "../permissions.js";
import { healthy, type Reading, unread, wrong } from "../reading.js";

const CHECK = "authentication";

/** Whether GitHub accepts the App's key, and whether the App has the permissions and events of `app.yml`. */
export function appAuthentication(app: Answered<Granted & { readonly slug: string }>, wanted: Wanted): Reading {
  const remedy = reconnectRemedy({ installationId: null, account: null, accountType: null, serverUrl: "" });
  if (!app.ok) {
    if (isRefusal(app.kind) || app.kind === "gone")
      return wrong(CHECK, "unhealthy", { reason: `GitHub refuses the App: ${app.reason}`, remedy });
    return unread(CHECK, `GitHub could not be reached: ${app.reason}`);
  }
  const missing = lacks(app.value, wanted);
  if (missing === null) return healthy(CHECK, `GitHub accepts the App ${app.value.slug}`);
  const mend =
    "Add them under 'Permissions & events' of the App's settings. Then an owner of every organisation must accept them.";
  return wrong(CHECK, "degraded", { reason: `the App lacks ${missing}`, remedy: mend });
}

/** An installation in GitHub's list, and the result of a call with its token. */
export interface InstallationAccess {
  /** Null: GitHub does not list the installation. `failed`: the list could not be read. */
  readonly listed: Answered<(Granted & { readonly suspended: boolean }) | null>;
  /** The call with its token; null when none was made. */
  readonly call: Answered<unknown> | null;
  readonly who: Disconnected & { readonly account: string };
}

/**
 * Whether the app can act for an installation: installed, not suspended, its token works, and no permission is missing.
 */
export function installationAuthentication({ listed, call, who }: InstallationAccess, wanted: Wanted): Reading {
  const remedy = reconnectRemedy(who);
  const bad = (reason: string): Reading => wrong(CHECK, "unhealthy", { reason, remedy });
  if (listed.ok && listed.value === null) return bad(`GitHub no longer lists an installation on ${who.account}`);
  if (listed.ok && listed.value?.suspended) return bad(`the App is suspended on ${who.account}`);
  if (call !== null && !call.ok && isRefusal(call.kind)) return bad(`GitHub refuses: ${call.reason}`);
  if (!listed.ok) return unread(CHECK, `GitHub's list of installations could not be read: ${listed.reason}`);
  const missing = listed.value === null ? null : lacks(listed.value, wanted);
  if (missing !== null)
    return wrong(CHECK, "degraded", { reason: `${who.account} has not granted ${missing}`, remedy });
  if (call !== null && !call.ok && call.kind !== "rate-limit" && call.kind !== "gone")
    return unread(CHECK, `GitHub did not answer a call with its token: ${call.reason}`);
  return healthy(CHECK, `${who.account} has granted every permission in app.yml`);
}

/**
 * Every token may make this call. A 403 therefore refuses the caller, for example a suspended installation or a blocked
 * address.
 */
function isRefusal(kind: ErrorKind): boolean {
  return kind === "authentication" || kind === "forbidden";
}

function lacks(granted: Granted, wanted: Wanted): string | null {
  const permissions = missingPermissions(granted.permissions, wanted.permissions);
  const events = missingEvents(granted.events, wanted.events).map((event) => `the event ${event}`);
  const missing = [...permissions, ...events];
  return missing.length === 0 ? null : missing.join(", ");
}
