import type { Child } from "hono/jsx";
import type { ShownSetting } from "../../config/shown-settings.js";
import type { Clock } from "../../domain.js";
import type { Log } from "../../log.js";
import type { JobWakeUp } from "../../store/jobs/wake-up.js";
import type { Reading } from "../../store/read-as.js";
import type { Scope } from "../../store/scope.js";
import type { Store } from "../../store/store.js";
import type { ErrorTracker } from "../../telemetry/error-tracker.js";
import type { Viewer, ViewerOf } from "../viewer.js";
import type { Assets } from "./assets.js";
import type { IconName } from "./parts/icon-paths.js";

/** A finding of `doctor`. */
export interface DoctorFinding {
  readonly check: string;
  readonly status: "ok" | "problem" | "unknown";
  readonly detail: string;
  readonly remedy: string | null;
}

/** The dependencies of the pages. */
export interface SiteOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly errors: ErrorTracker;
  readonly viewerOf: ViewerOf;
  /** The sign-in address; null: OAuth is not set up. */
  readonly signInPath: string | null;
  readonly publicUrl: string | undefined;
  /** GitHub's site, for links. */
  readonly serverUrl: string;
  readonly dryRun: boolean;
  readonly version: string;
  /** The period of health checks (ms): older results are stale. */
  readonly healthEveryMs: number;
  readonly settings: readonly ShownSetting[];
  /** Runs the doctor's checks; null: not available in this process. */
  readonly doctor: (() => Promise<readonly DoctorFinding[]>) | null;
  wakeJobs(wakeUps: readonly JobWakeUp[]): Promise<void>;
  wakeDeliveries(ids: readonly string[]): Promise<void>;
}

/** One request for a page. */
export interface PageContext {
  readonly site: SiteOptions;
  readonly assets: Assets;
  readonly viewer: Viewer;
  readonly scope: Scope;
  readonly url: URL;
  readonly now: Date;
  /** The nonce of this answer's scripts and live parts. */
  readonly nonce: string;
  /** One read-only transaction that shows the viewer's rows. */
  read<T>(work: (reading: Reading) => Promise<T>): Promise<T>;
}

export interface Page {
  readonly title: string;
  readonly body: Child;
  readonly status?: 200 | 400 | 403 | 404 | 409 | 500 | 503;
}

/** A download instead of a page. */
export interface Download {
  readonly filename: string;
  readonly csv: string;
}

/** Redirects the browser after a form. */
export interface Redirect {
  readonly location: string;
}

export type Answer = Page | Download | Redirect;

/** A page in the menu. */
export interface MenuItem {
  readonly path: string;
  readonly label: string;
  readonly icon: IconName;
  /** The shortcut key after `g`. */
  readonly key: string;
}

export const MENU: readonly MenuItem[] = [
  { path: "/", label: "Overview", icon: "pulse", key: "o" },
  { path: "/activity", label: "Activity", icon: "inbox", key: "a" },
  { path: "/pulls", label: "Pull requests", icon: "git-pull-request", key: "p" },
  { path: "/issues", label: "Issues", icon: "issue-opened", key: "i" },
  { path: "/triage", label: "Triage", icon: "tag", key: "t" },
  { path: "/deployments", label: "Deployments", icon: "rocket", key: "d" },
  { path: "/dora", label: "DORA", icon: "graph", key: "m" },
  { path: "/agents", label: "Agents", icon: "hubot", key: "r" },
  { path: "/sync", label: "Sync", icon: "sync", key: "s" },
  { path: "/operations", label: "Operations", icon: "server", key: "x" },
];
