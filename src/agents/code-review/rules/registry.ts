import { conflictMarker } from "./conflict-marker.js";
import { debuggerStatement } from "./debugger-statement.js";
import { maliciousDependency, vulnerableDependency } from "./dependency-advisories.js";
import { dependencyInstallScript } from "./dependency-install-script.js";
import { focusedTest } from "./focused-test.js";
import { generatedFileEdited } from "./generated-file-edited.js";
import { largeBinary } from "./large-binary.js";
import { lockfileWithoutManifest } from "./lockfile-without-manifest.js";
import { manifestWithoutLockfile } from "./manifest-without-lockfile.js";
import { migrationDrop } from "./migration/migration-drop.js";
import { migrationLock } from "./migration/migration-lock.js";
import { missingLinkedIssue } from "./missing-linked-issue.js";
import { missingTest } from "./missing-test.js";
import { oversizedPullRequest } from "./oversized-pull-request.js";
import { publicApiRemoved } from "./public-api-removed.js";
import { secret } from "./secret.js";
import { shellInjection } from "./shell-injection.js";
import { skippedTest } from "./skipped-test.js";
import { sqlInjection } from "./sql-injection.js";
import { swallowedError } from "./swallowed-error.js";
import { tlsVerificationDisabled } from "./tls-verification-disabled.js";
import {
  workflowCachePoisoning,
  workflowDangerousTrigger,
  workflowEnvironmentFile,
  workflowInheritedSecrets,
  workflowInsecureCommands,
  workflowPersistedCredentials,
  workflowSelfHostedPullRequest,
  workflowSpoofableActor,
  workflowUnpinnedImage,
} from "./workflow/audits.js";
import { workflowHeadCheckout } from "./workflow/head-checkout.js";
import { workflowScriptInjection } from "./workflow/script-injection.js";
import { workflowUnpinnedAction } from "./workflow/unpinned-action.js";
import { workflowWidePermissions } from "./workflow/wide-permissions.js";

/** Every deterministic rule. The ids are public: settings, `/ignore` and stored findings use them. */
export const RULES = [
  secret,
  conflictMarker,
  focusedTest,
  skippedTest,
  debuggerStatement,
  workflowHeadCheckout,
  workflowScriptInjection,
  workflowUnpinnedAction,
  workflowWidePermissions,
  workflowCachePoisoning,
  workflowDangerousTrigger,
  workflowEnvironmentFile,
  workflowInheritedSecrets,
  workflowInsecureCommands,
  workflowPersistedCredentials,
  workflowSelfHostedPullRequest,
  workflowSpoofableActor,
  workflowUnpinnedImage,
  lockfileWithoutManifest,
  manifestWithoutLockfile,
  dependencyInstallScript,
  maliciousDependency,
  vulnerableDependency,
  migrationLock,
  migrationDrop,
  largeBinary,
  generatedFileEdited,
  missingTest,
  oversizedPullRequest,
  missingLinkedIssue,
  publicApiRemoved,
  tlsVerificationDisabled,
  sqlInjection,
  shellInjection,
  swallowedError,
] as const;

export type RuleId = (typeof RULES)[number]["id"];
export const RULE_IDS: readonly RuleId[] = RULES.map(({ id }) => id);
