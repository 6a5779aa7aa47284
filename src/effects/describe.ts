import { effectSchema, targetOf, type Effect } from "./effect.js";

/** Describes an effect for people: one line, and its text indented. Safe to print. */
export function describeEffect(effect: Effect): string {
  const { owner, name } = effect.repository;
  const lines = [
    `${verbOf(effect)} (${owner}/${name} ${targetOf(effect)})`,
    `because ${effect.reason}`,
    ...textOf(effect),
  ];
  return neutral(lines.join("\n")).replaceAll("\n", "\n  ");
}

/** A stored effect on one line; null: this version does not know its kind. Safe to print. */
export function effectLine(stored: unknown): string | null {
  const effect = effectSchema.safeParse(stored).data;
  return effect === undefined ? null : neutral(verbOf(effect)).replaceAll("\n", " ");
}

function verbOf(effect: Effect): string {
  switch (effect.kind) {
    case "comment":
      return `comment on #${effect.issue}`;
    case "reaction":
      return `react with ${effect.content} to ${effect.commentId === null ? `#${effect.issue}` : `a comment on #${effect.issue}`}`;
    case "labels":
      return `label #${effect.issue}: ${[...effect.add.map((l) => `+${l}`), ...effect.remove.map((l) => `-${l}`)].join(" ")}`;
    case "check-run":
      return `set check "${effect.name}" of ${effect.headSha.slice(0, 7)} to ${effect.conclusion ?? effect.status}`;
    case "review":
      return `review #${effect.issue} at ${effect.headSha.slice(0, 7)} with ${effect.comments.length} inline comments`;
    case "issue":
      return effect.state === "open"
        ? `open or update the issue "${effect.title}"`
        : `close the issue "${effect.title}"`;
    case "minimise-comment":
      return `minimise a comment as ${effect.classifier}`;
    case "review-comment":
      return "edit a comment of the app's review";
    case "resolve-thread":
      return "resolve a review thread";
    case "request-reviewers":
      return `request reviews of #${effect.issue} from: ${[...effect.users, ...effect.teams].join(", ")}`;
    case "undo":
      return `undo the app's effects${effect.only === null ? "" : `, only ${effect.only.join(", ")}`}`;
    case "deployment":
      return `deploy ${effect.sha.slice(0, 7)} to ${effect.environment}`;
    case "deployment-review":
      return `answer the protection rule of ${effect.environment} in run ${effect.runId}: ${effect.state ?? "wait"}`;
  }
}

function textOf(effect: Effect): readonly string[] {
  switch (effect.kind) {
    case "comment":
    case "issue":
    case "review-comment":
      return [effect.body];
    case "review":
      return [effect.body, ...effect.comments.map((comment) => `${comment.path}:${comment.line}: ${comment.body}`)];
    case "check-run":
      return [
        `${effect.title}: ${effect.summary}`,
        ...effect.annotations.map((a) => `${a.path}:${a.startLine}: ${a.level}: ${a.message}`),
      ];
    case "deployment":
      return [effect.description];
    case "deployment-review":
      return [effect.comment];
    case "reaction":
    case "labels":
    case "minimise-comment":
    case "resolve-thread":
    case "request-reviewers":
    case "undo":
      return [];
  }
}

/**
 * Shows control and formatting characters (escape sequences, text direction) as code points; line breaks and tabs stay.
 */
export function neutral(text: string): string {
  return text
    .replaceAll("\r\n", "\n")
    .replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (char) =>
      char === "\n" || char === "\t" ? char : `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`,
    );
}
