import { createLog } from "../../src/log.js";
import type { JobWakeUp } from "../../src/store/jobs/wake-up.js";
import type { Store } from "../../src/store/store.js";
import { UNTRACKED } from "../../src/telemetry/error-tracker.js";
import { createApi } from "../../src/web/api/app.js";
import { createEventStream } from "../../src/web/live/event-stream.js";
import { operatorViewer } from "../../src/web/operator-viewer.js";
import type { ViewerOf } from "../../src/web/viewer.js";

const BASE = "/api/integrations/github";

export interface ApiSettings {
  readonly now?: () => Date;
  readonly viewerOf?: ViewerOf;
  readonly adminToken?: string | undefined;
  readonly wakeJobs?: (wakeUps: readonly JobWakeUp[]) => Promise<void>;
}

/** The JSON API without a port. `ask` gives a path below `/api/integrations/github`. */
export function openApi(store: Store, settings: ApiSettings = {}) {
  const { now = () => new Date(), adminToken, wakeJobs = () => Promise.resolve() } = settings;
  const log = createLog({ level: "silent" });
  const viewerOf = settings.viewerOf ?? operatorViewer(store.sql, adminToken);
  const events = createEventStream({ store, clock: { now }, log, viewerOf });
  const app = createApi({
    store,
    clock: { now },
    log,
    errors: UNTRACKED,
    viewerOf,
    events,
    originOf: (request) => new URL(request.url).origin,
    version: "0.0.0",
    dryRun: false,
    connectOff: "",
    healthEveryMs: 300_000,
    wakeJobs,
    wakeDeliveries: () => Promise.resolve(),
  });
  return {
    app,
    events,
    ask: async (path: string, init: RequestInit = {}): Promise<Response> =>
      app.request(`http://localhost${BASE}${path}`, init),
  };
}

export const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });
export const json = (body: unknown, headers: Record<string, string> = {}): RequestInit => {
  return { method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json", ...headers } };
};
