import { access } from "./access.js";
import type { DefinedJob } from "./define-job.js";
import { purgeTenant } from "./purge-tenant.js";
import { pushCommits } from "./push-commits.js";
import { refresh } from "./refresh.js";
import { revokeUser } from "./revoke-user.js";
import { undoJob } from "./undo.js";

/** Every job of the app. A request for a job that is not listed is stored as 'no agent is registered'. */
export const JOBS: readonly DefinedJob[] = [refresh, pushCommits, access, purgeTenant, revokeUser, undoJob];
