import { raw } from "hono/html";
import type { Child } from "hono/jsx";
import { visible } from "../../../text/visible.js";
import { ICON_PATHS, type IconName } from "./icon-paths.js";

/** A state's colour, always shown together with a word. */
export type Tone = "good" | "warn" | "bad" | "note" | "done" | "idle";

/** An octicon. Without a label it is decoration beside a word. */
export function Icon({ name, tone, label }: { name: IconName; tone?: Tone | undefined; label?: string }) {
  const more = label === undefined ? { "aria-hidden": "true" as const } : { role: "img", "aria-label": label };
  return (
    <svg class={`icon${tone ? ` s-${tone}` : ""}`} viewBox="0 0 16 16" {...more}>
      {raw(ICON_PATHS[name])}
    </svg>
  );
}

/** Icon and word. */
export function Status({ icon, tone, children }: { icon: IconName; tone: Tone; children?: Child }) {
  return (
    <span class={`status s-${tone}`}>
      <Icon name={icon} />
      <span>{children}</span>
    </span>
  );
}

const UNITS = [
  [60, 1, "s"],
  [3_600, 60, "min"],
  [86_400, 3_600, "h"],
  [Number.POSITIVE_INFINITY, 86_400, "d"],
] as const;

function ageOf(seconds: number): string {
  const [, divisor, unit] = UNITS.find(([most]) => seconds < most) ?? UNITS[3];
  return `${Math.floor(seconds / divisor)} ${unit}`;
}

/** A relative time, with the exact time on hover. */
export function Ago({ at, now }: { at: Date | null; now: Date }) {
  if (at === null) return <span class="muted">never</span>;
  const seconds = (now.getTime() - at.getTime()) / 1000;
  return (
    <time class="nowrap" datetime={at.toISOString()} title={exact(at)} data-relative="">
      {seconds >= 0 ? `${ageOf(seconds)} ago` : `in ${ageOf(-seconds)}`}
    </time>
  );
}

/** `2026-11-30 14:02:07 UTC`. */
export function exact(at: Date): string {
  return `${at.toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

/** Milliseconds for people. */
export function span(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${Math.round(ms / 100) / 10} s`;
  return ms < 7_200_000 ? `${Math.round(ms / 60_000)} min` : `${Math.round(ms / 360_000) / 10} h`;
}

/** Foreign text on one line: invisible and reordering characters are escaped. */
export function foreign(text: string, most = 200): string {
  return visible(text, most);
}

/** The text with its first letter in upper case. */
export function capital(word: string): string {
  return `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`;
}

export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString("en-US")} ${number === 1 ? one : many}`;
}

/** A short SHA with the full one on hover. */
export function Sha({ sha }: { sha: string }) {
  return (
    <span class="mono" title={sha}>
      {sha.slice(0, 7)}
    </span>
  );
}

/** A command to copy. */
export function Command({ children }: { children?: Child }) {
  return <pre class="command">{children}</pre>;
}

/** The reason for an empty list, and the next step. */
export function Empty({ icon, title, children }: { icon: IconName; title: string; children?: Child }) {
  return (
    <div class="empty">
      <Icon name={icon} />
      <h3>{title}</h3>
      <p>{children}</p>
    </div>
  );
}

const BANNER_ICONS = { good: "check-circle-fill", warn: "alert", bad: "x-circle-fill", note: "info" } as const;

export function Banner({ tone, big, children }: { tone: keyof typeof BANNER_ICONS; big?: boolean; children?: Child }) {
  return (
    <div class={`banner ${tone}${big === true ? " big" : ""}`}>
      <Icon name={BANNER_ICONS[tone]} />
      <div>{children}</div>
    </div>
  );
}

/** A box with a heading. */
export function Box({ title, end, children }: { title: Child; end?: Child; children?: Child }) {
  return (
    <section class="box">
      <header>
        <h2>{title}</h2>
        {end === undefined ? null : <div class="end row">{end}</div>}
      </header>
      {children}
    </section>
  );
}
