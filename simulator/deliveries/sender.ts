import { randomUUID } from "node:crypto";
import { Agent } from "node:http";
import type { FaultSwitch } from "../faults.js";
import type { Delivery } from "../organisation/delivery.js";
import { post } from "./post.js";
import type { DeliveryRecord } from "./record.js";
import { deliveryHeaders } from "./sign.js";

export interface HookOptions {
  readonly appId: number;
  /** Where deliveries go; null: nowhere, they are recorded as failed. */
  url: string | null;
  secret: string;
  /** Default 16. */
  readonly concurrency?: number;
  /** Default 10 s, as GitHub. */
  readonly timeoutMs?: number;
  readonly now: () => Date;
  readonly faults: FaultSwitch;
  /** Attempts that are kept, the newest; default 50,000. */
  readonly keep?: number;
}

/** Sends deliveries as GitHub does: signed, each once, never again by itself; every attempt is recorded. */
export class DeliverySender {
  readonly hook: HookOptions;
  /** Newest last. */
  readonly records: DeliveryRecord[] = [];
  readonly #byId = new Map<number, DeliveryRecord>();
  readonly #waiting: DeliveryRecord[] = [];
  readonly #agent = new Agent({ keepAlive: true });
  readonly #delays = new Set<NodeJS.Timeout>();
  #sending = 0;
  #nextId = 10_000_000_000;
  #idle: (() => void)[] = [];

  constructor(hook: HookOptions) {
    this.hook = hook;
  }

  /** Delivers what a change called for. */
  send(deliveries: readonly Delivery[]): DeliveryRecord[] {
    return deliveries.map((delivery) => {
      const record = this.#record(delivery, randomUUID(), JSON.stringify(delivery.payload), false);
      this.#queue(record);
      return record;
    });
  }

  /** Delivers once more what was delivered: the same GUID and body, a new id. */
  redeliver(id: number): DeliveryRecord | null {
    const first = this.#byId.get(id);
    if (first === undefined) return null;
    const again = this.#record(first, first.guid, first.body, true);
    this.#queue(again);
    return again;
  }

  find(id: number): DeliveryRecord | null {
    return this.#byId.get(id) ?? null;
  }

  /** Resolves when nothing waits, is delayed or is under way. */
  idle(): Promise<void> {
    if (this.#quiet()) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  close(): void {
    for (const timer of this.#delays) clearTimeout(timer);
    this.#delays.clear();
    this.#waiting.length = 0;
    this.#agent.destroy();
  }

  #record(
    delivery: Pick<DeliveryRecord, "event" | "action" | "installationId" | "repositoryId">,
    guid: string,
    body: string,
    redelivery: boolean,
  ): DeliveryRecord {
    this.#nextId += 1;
    this.hook.faults.deliver(body);
    const { event, action, installationId, repositoryId } = delivery;
    const record: DeliveryRecord = {
      id: this.#nextId,
      guid,
      event,
      action,
      installationId,
      repositoryId,
      redelivery,
      headers: deliveryHeaders(this.hook, { event, guid }, body),
      body,
      deliveredAt: this.hook.now(),
      durationMs: 0,
      statusCode: 0,
      status: "pending",
      response: "",
    };
    this.records.push(record);
    this.#byId.set(record.id, record);
    if (this.records.length > (this.hook.keep ?? 50_000)) {
      const oldest = this.records.shift();
      if (oldest !== undefined) this.#byId.delete(oldest.id);
    }
    return record;
  }

  #queue(record: DeliveryRecord): void {
    const { faults } = this.hook;
    if (faults.strikes("deliveryLost")) return this.#settle(record, 502, "failed to connect");
    if (faults.strikes("deliveryAcknowledgedThenLost")) return this.#settle(record, 200, "OK");
    if (faults.strikes("deliveryDelayed")) return this.#later(record);
    this.#enter(record);
    if (faults.strikes("deliveryRepeated")) this.#enter(record);
  }

  #settle(record: DeliveryRecord, statusCode: number, status: string): void {
    record.statusCode = statusCode;
    record.status = status;
  }

  #later(record: DeliveryRecord): void {
    const timer = setTimeout(() => {
      this.#delays.delete(timer);
      this.#enter(record);
    }, this.hook.faults.current.deliveryDelayMs);
    this.#delays.add(timer);
  }

  #enter(record: DeliveryRecord): void {
    this.#waiting.push(record);
    if (this.#waiting.length > 1 && this.hook.faults.strikes("deliveryReordered")) {
      const place = Math.floor(this.hook.faults.random() * (this.#waiting.length - 1));
      const other = this.#waiting[place];
      if (other !== undefined) {
        this.#waiting[place] = record;
        this.#waiting[this.#waiting.length - 1] = other;
      }
    }
    setImmediate(() => this.#pump());
  }

  #pump(): void {
    while (this.#sending < (this.hook.concurrency ?? 16)) {
      const record = this.#waiting.shift();
      if (record === undefined) break;
      this.#sending += 1;
      void this.#attempt(record).finally(() => {
        this.#sending -= 1;
        this.#pump();
      });
    }
    if (this.#quiet()) for (const resolve of this.#idle.splice(0)) resolve();
  }

  #quiet(): boolean {
    return this.#sending === 0 && this.#waiting.length === 0 && this.#delays.size === 0;
  }

  async #attempt(record: DeliveryRecord): Promise<void> {
    const { url } = this.hook;
    if (url === null) return this.#settle(record, 502, "no webhook URL");
    const started = performance.now();
    const posted = await post(url, record.headers, record.body, {
      timeoutMs: this.hook.timeoutMs ?? 10_000,
      agent: this.#agent,
    });
    record.durationMs = performance.now() - started;
    record.statusCode = posted.statusCode;
    record.status = posted.status;
    record.response = posted.response;
  }
}
