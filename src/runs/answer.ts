import type { RepositoryRef } from "../domain.js";
import type { EffectOf } from "../effects/effect.js";

export interface CommandLocation {
  readonly repository: RepositoryRef;
  /** Number of the issue or pull request. */
  readonly issue: number;
  readonly commentId: bigint;
}

/** The one answer to a command. `markdown` comes from this app; foreign text in it is already escaped. */
export function answerEffect({ repository, issue, commentId }: CommandLocation, markdown: string): EffectOf<"comment"> {
  return {
    kind: "comment",
    repository,
    occasion: `command ${commentId}`,
    reason: "a command is answered",
    issue,
    slot: `command:${commentId}`,
    body: markdown,
  };
}

/** Shows that the command was seen. */
export function eyesEffect({ repository, issue, commentId }: CommandLocation): EffectOf<"reaction"> {
  const occasion = `command ${commentId}`;
  return { kind: "reaction", repository, occasion, reason: "a command was seen", issue, commentId, content: "eyes" };
}
