import type { KeyObject } from "node:crypto";
import type { Tokens } from "./auth/tokens.js";
import type { Clock } from "./clock.js";
import type { DeliverySender } from "./deliveries/sender.js";
import type { FaultSwitch } from "./faults.js";
import type { Limits } from "./limits/limits.js";
import type { Organisation } from "./organisation/organisation.js";
import type { CallLog } from "./server/call-log.js";

/** An OAuth code that waits to be exchanged. */
export interface OAuthCode {
  readonly login: string;
  readonly redirectUri: string;
  /** PKCE: the S256 challenge, when the client gave one. */
  readonly challenge: string | null;
  readonly expiresAt: number;
}

/** All that a running simulated GitHub consists of. */
export interface Simulation {
  readonly organisation: Organisation;
  readonly clock: Clock;
  readonly deliveries: DeliverySender;
  readonly limits: Limits;
  readonly faults: FaultSwitch;
  readonly tokens: Tokens;
  readonly codes: Map<string, OAuthCode>;
  readonly appKey: KeyObject;
  readonly clientSecret: string;
  /** PEM of the App's key, which GitHub shows once: when the App is made from a manifest. */
  readonly privateKey: string;
  /** Codes of Apps that were made from a manifest, until they are exchanged. */
  readonly manifests: Map<string, { readonly expiresAt: number }>;
  /** Who signs in when the authorize page is opened. */
  signedInAs: string;
  readonly log: CallLog;
}
