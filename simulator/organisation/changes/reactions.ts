import { newId, register, seconds, type Organisation } from "../organisation.js";
import type { Reaction, ReactionContent } from "../conversation.js";
import { actor, ChangeRefused, type By } from "./find.js";

export interface React extends By {
  /** Id of an issue, a pull request, a comment or a review comment. */
  readonly subject: number;
  readonly content: ReactionContent;
}

/** Reacts; a second reaction of the same kind by the same account is the first one. No event is sent. */
export function react(
  organisation: Organisation,
  input: React,
): { readonly reaction: Reaction; readonly created: boolean } {
  const subject = organisation.nodes.get(input.subject);
  const by = actor(organisation, input);
  switch (subject?.kind) {
    case "issue":
    case "pull":
    case "comment":
    case "review-comment": {
      const known = subject.reactions.find((each) => each.by === by && each.content === input.content);
      if (known !== undefined) return { reaction: known, created: false };
      const reaction: Reaction = register(organisation, {
        kind: "reaction",
        id: newId(organisation),
        content: input.content,
        by,
        createdAt: seconds(organisation),
      });
      subject.reactions = [...subject.reactions, reaction];
      return { reaction, created: true };
    }
    default:
      throw new ChangeRefused(404, `nothing to react to: ${input.subject}`);
  }
}

/** Takes a reaction back; only the one who reacted can. No event is sent. */
export function unreact(
  organisation: Organisation,
  input: By & { readonly subject: number; readonly reaction: number },
): void {
  const subject = organisation.nodes.get(input.subject);
  const by = actor(organisation, input);
  if (subject === undefined || !("reactions" in subject)) throw new ChangeRefused(404, `no subject ${input.subject}`);
  const found = subject.reactions.find((each) => each.id === input.reaction && each.by === by);
  if (found === undefined) throw new ChangeRefused(404, `no reaction ${input.reaction} of ${by.login}`);
  subject.reactions = subject.reactions.filter((each) => each !== found);
  organisation.nodes.delete(found.id);
}
