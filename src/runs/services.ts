import type { Inspector } from "../agents/code-review/inspect/inspector.js";
import type { SecondReader } from "../agents/code-review/second-reader.js";
import type { GitHubClient } from "../github/client.js";
import type { Advisories } from "../github/review/advisories.js";

/** What checks of settings need. */
export type Parsers = Pick<AgentServices, "inspector">;

/** The services of a process that only agents use. */
export interface AgentServices {
  /** A client for the calls of an installation. */
  client(installationId: bigint): GitHubClient;
  /** The login of the App's own account, `<slug>[bot]`; without it mentions are ignored. */
  login?(): Promise<string>;
  /** The parsers of this process; the code that opened them closes them. */
  readonly inspector: Inspector;
  /** Where the pages of the rules are, with a slash at the end; default: findings have no links. */
  readonly rulesUrl?: string;
  /** Reads advisories about package versions; default: versions are not compared. */
  readonly advisories?: Advisories;
  /** Finds problems that no rule can find; default: none. */
  second?(scope: {
    readonly installationId: bigint;
    readonly repositoryId: bigint;
    readonly number: number;
  }): SecondReader;
  /**
   * The shortest time between the starts of two reviews of one pull request (ms); pushes in between are reviewed
   * together. A requested review does not wait.
   */
  readonly quietMs: number;
}
