import type { Child } from "hono/jsx";
import type { Story } from "../../../reports/story.js";
import { adviceForDelivery } from "../../../reports/advice.js";
import { Ago, count, foreign, Icon, span, type Tone } from "../parts/basics.js";
import type { IconName } from "../parts/icon-paths.js";
import { Leaf, Who } from "./leaves.js";

/** One entry of a timeline. */
export function Moment({ icon, tone, head, children }: { icon: IconName; tone?: Tone; head: Child; children?: Child }) {
  return (
    <li>
      <span class={`dot ${tone ?? ""}`}>
        <Icon name={icon} />
      </span>
      <div class="head">{head}</div>
      {children}
    </li>
  );
}

export function eventName({ event, action }: { readonly event: string; readonly action: string | null }): string {
  return action === null ? event : `${event}.${action}`;
}

type Delivery = Story["delivery"];

/** The received request. */
export function Arrived({ delivery, duplicates }: { delivery: Delivery; duplicates: number }) {
  return (
    <p>
      {count(delivery.body_bytes, "byte")}, signature valid
      {delivery.redeliveries > 0 ? `, redelivered ${count(delivery.redeliveries, "time")}` : ""}
      {duplicates > 0 ? `, ${count(duplicates, "duplicate")} refused` : ""}
    </p>
  );
}

/** The facts of the payload: rows, by result. */
export function Facts({ facts }: { facts: Story["facts"] }) {
  const unique = [...new Map(facts.map((fact) => [`${fact.entity} ${fact.key} ${fact.result}`, fact])).values()];
  if (unique.length === 0) return null;
  const changed = unique.filter(({ result }) => result === "inserted" || result === "updated").length;
  return (
    <details class="fold">
      <summary>
        {count(unique.length, "fact")} read, {changed} stored
      </summary>
      <ul class="tree">
        {unique.map(({ entity, key, result }) => (
          <li>
            <Leaf icon={result === "inserted" || result === "updated" ? "check" : "dash"}>
              <code>{entity.replaceAll("_", " ")}</code> <span class="mono">{foreign(key, 120)}</span>{" "}
              <span class="muted">{result}</span>
            </Leaf>
          </li>
        ))}
      </ul>
    </details>
  );
}

export interface OfDelivery {
  readonly delivery: Delivery;
  readonly installation: Story["installation"];
  readonly repository: Story["repository"];
  readonly failedJobs: number;
  readonly reason: string | null;
  readonly now: Date;
}

/** The outcome: the planned jobs, or the reason for none and who can change that. */
export function Ended({ delivery, installation, repository, failedJobs, reason, now }: OfDelivery) {
  const advice = adviceForDelivery({
    event: delivery.event,
    status: delivery.status,
    installation,
    repository,
    failedJobs,
    waitedMs: now.getTime() - delivery.received_at.getTime(),
  });
  return (
    <>
      <p>{endOf(delivery, reason)}</p>
      <Who advice={advice} />
    </>
  );
}

function endOf(delivery: Delivery, reason: string | null): Child {
  const attempts = delivery.attempts > 1 ? ` after ${delivery.attempts} attempts` : "";
  const why = foreign(delivery.error ?? reason ?? "", 600);
  switch (delivery.status) {
    case "received":
      return "Waits for a worker.";
    case "processing":
      return `A worker processes it${attempts}.`;
    case "retry":
      return `Failed${attempts}, and is tried again: ${why}`;
    case "duplicate":
      return (
        <>
          Not processed again: a duplicate of <DeliveryLink guid={delivery.duplicate_of} />
        </>
      );
    case "failed":
      return `Failed${attempts}: ${why}`;
    case "skipped":
      return `Skipped: ${why}`;
    default:
      return why === ""
        ? `Processed${attempts}${took(delivery)}.`
        : `Processed${attempts}${took(delivery)}. No work followed: ${why}.`;
  }
}

function took({ received_at: from, processed_at: to }: Delivery): string {
  return to === null ? "" : ` ${span(Math.max(0, to.getTime() - from.getTime()))} after it arrived`;
}

export function DeliveryLink({ guid }: { guid: string | null }) {
  if (guid === null) return <>an earlier delivery</>;
  return (
    <a class="mono" href={`/story/${guid}`}>
      {guid}
    </a>
  );
}

export function ArrivedAt({ at, now }: { at: Date; now: Date }) {
  return (
    <span class="muted small">
      <Ago at={at} now={now} />
    </span>
  );
}
