import type { Inspector } from "../agents/code-review/inspect/inspector.js";
import type { SecondReader } from "../agents/code-review/second-reader.js";
import type { GitHubClient } from "../github/client.js";

/** What a process offers its agents beside what every job has. */
export interface AgentServices {
  /** Calls of an installation. */
  client(installationId: bigint): GitHubClient;
  /** The login of the App's own account, `<slug>[bot]`; without it mentions give no commands. */
  login?(): Promise<string>;
  /** The parsers of this process; whoever opened it closes it. */
  readonly inspector: Inspector;
  /** Finds what no rule can; none unless given. */
  second?(scope: {
    readonly installationId: bigint;
    readonly repositoryId: bigint;
    readonly number: number;
  }): SecondReader;
  /**
   * How long after one review of a pull request began the next may begin (ms): what is pushed meanwhile is reviewed
   * together. A review that somebody asks for does not wait.
   */
  readonly quietMs: number;
}
