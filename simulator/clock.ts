/** GitHub's clock: real time moved by an offset, or stopped. */
export class Clock {
  #offsetMs = 0;
  #stoppedAt: number | null = null;

  readonly now = (): Date => new Date(this.#stoppedAt ?? Date.now() + this.#offsetMs);

  /** Moves the clock on. */
  advance(seconds: number): void {
    if (this.#stoppedAt === null) this.#offsetMs += seconds * 1000;
    else this.#stoppedAt += seconds * 1000;
  }

  /** Stops the clock at a time: everything happens in the same second until it is moved. */
  stop(at: Date): void {
    this.#stoppedAt = at.getTime();
  }

  /** Lets the clock run again from where it stands. */
  run(): void {
    if (this.#stoppedAt === null) return;
    this.#offsetMs = this.#stoppedAt - Date.now();
    this.#stoppedAt = null;
  }
}
