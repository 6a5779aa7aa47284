import type { Child } from "hono/jsx";
import { effectLine } from "../../../effects/describe.js";
import { type Advice, adviceForEffect } from "../../../reports/advice.js";
import type { EffectStory } from "../../../reports/story.js";
import { Ago, capital, foreign, Icon } from "../parts/basics.js";
import type { IconName } from "../parts/icon-paths.js";
import { lookOf } from "../parts/states.js";

export interface WorkContext {
  readonly now: Date;
  /** The repository's stored settings, which show the rules that are off. */
  readonly settings: unknown;
  /** The repository's address at GitHub: `https://github.com/owner/name`; null: unknown. */
  readonly repositoryUrl: string | null;
}

export function Leaf({
  icon,
  tone,
  children,
}: {
  icon: IconName;
  tone?: Parameters<typeof Icon>[0]["tone"];
  children?: Child;
}) {
  return (
    <div class="leaf">
      <Icon name={icon} tone={tone} />
      <div>{children}</div>
    </div>
  );
}

export function Who({ advice }: { advice: Advice | null }) {
  if (advice === null) return null;
  return (
    <div class="small">
      <span class="muted">Who can change that: </span>
      <strong>{advice.who}</strong>: {advice.what}.
    </div>
  );
}

/** A line of a file, linked to GitHub at its commit. */
export function Place({
  path,
  line,
  sha,
  repositoryUrl,
}: {
  path: string;
  line: number | null;
  sha: string | null;
  repositoryUrl: string | null;
}) {
  const text = `${foreign(path, 300)}${line === null ? "" : `:${line}`}`;
  if (repositoryUrl === null || sha === null) return <span class="mono">{text}</span>;
  const file = path.split("/").map(encodeURIComponent).join("/");
  return (
    <a class="mono" href={`${repositoryUrl}/blob/${sha}/${file}${line === null ? "" : `#L${line}`}`}>
      {text}
    </a>
  );
}

export function EffectLeaves({ effects, context }: { effects: readonly EffectStory[]; context: WorkContext }) {
  return (
    <>
      {effects.map((effect) => {
        const { icon, tone, word } = lookOf("effect", effect.status);
        return (
          <li>
            <Leaf icon={icon} tone={tone}>
              {effect.github_url === null ? (
                <EffectName effect={effect} />
              ) : (
                <a href={effect.github_url}>
                  <EffectName effect={effect} />
                </a>
              )}{" "}
              <span class="muted">· {word}</span>
              {effect.error === null ? null : <>: {foreign(effect.error, 500)}</>}
              <div class="small muted">
                Reason: {foreign(effect.reason, 300)} · <Ago at={effect.created_at} now={context.now} />
              </div>
              <Who advice={adviceForEffect({ status: effect.status, errorKind: effect.error_kind })} />
            </Leaf>
          </li>
        );
      })}
    </>
  );
}

/** A target with shortened SHAs. */
function shortened(target: string): string {
  return target.replaceAll(/\b([0-9a-f]{7})[0-9a-f]{33}\b/g, "$1");
}

/** The effect in words; for an unknown kind, its kind and target. */
export function EffectName({
  effect: { kind, target, request },
}: {
  effect: Pick<EffectStory, "kind" | "target" | "request">;
}) {
  const line = effectLine(request);
  if (line !== null) return <>{capital(foreign(line, 160))}</>;
  return (
    <>
      {kind.replaceAll("-", " ")} <span class="mono">{foreign(shortened(target), 80)}</span>
    </>
  );
}
