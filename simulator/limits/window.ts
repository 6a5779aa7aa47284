/** What was spent in the last `lengthMs`: a sliding window, as the secondary limits are. */
export class SlidingWindow {
  readonly lengthMs: number;
  readonly limit: number;
  #entries: { readonly at: number; readonly amount: number }[] = [];
  #head = 0;
  #sum = 0;

  constructor(lengthMs: number, limit: number) {
    this.lengthMs = lengthMs;
    this.limit = limit;
  }

  #expire(now: number): void {
    for (let entry = this.#entries[this.#head]; entry !== undefined; entry = this.#entries[this.#head]) {
      if (entry.at > now - this.lengthMs) break;
      this.#sum -= entry.amount;
      this.#head += 1;
    }
    if (this.#head > 1024) {
      this.#entries = this.#entries.slice(this.#head);
      this.#head = 0;
    }
  }

  /** Milliseconds until `amount` fits; 0 when it fits now. */
  waitFor(now: number, amount: number): number {
    this.#expire(now);
    if (this.#sum + amount <= this.limit) return 0;
    let freed = this.#sum + amount - this.limit;
    for (let index = this.#head; index < this.#entries.length; index += 1) {
      const entry = this.#entries[index];
      if (entry === undefined) break;
      freed -= entry.amount;
      if (freed <= 0) return Math.max(1, entry.at + this.lengthMs - now);
    }
    return this.lengthMs;
  }

  add(now: number, amount: number): void {
    this.#entries.push({ at: now, amount });
    this.#sum += amount;
  }

  used(now: number): number {
    this.#expire(now);
    return this.#sum;
  }
}

/** The primary limit: a fixed window that starts with the first call in it. Times are milliseconds since 1970. */
export class FixedWindow {
  readonly lengthMs: number;
  limit: number;
  #resetAt = 0;
  #used = 0;

  constructor(lengthMs: number, limit: number) {
    this.lengthMs = lengthMs;
    this.limit = limit;
  }

  #roll(now: number): void {
    if (now < this.#resetAt) return;
    this.#resetAt = now + this.lengthMs;
    this.#used = 0;
  }

  spend(now: number, amount: number): void {
    this.#roll(now);
    this.#used += amount;
  }

  /** Sets what is left, for tests of an exhausted quota. */
  setRemaining(now: number, remaining: number): void {
    this.#roll(now);
    this.#used = this.limit - remaining;
  }

  state(now: number): {
    readonly limit: number;
    readonly used: number;
    readonly remaining: number;
    readonly resetAt: number;
  } {
    this.#roll(now);
    return {
      limit: this.limit,
      used: this.#used,
      remaining: Math.max(0, this.limit - this.#used),
      resetAt: this.#resetAt,
    };
  }
}
