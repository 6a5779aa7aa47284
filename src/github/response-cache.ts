/** A body that GitHub sent with an ETag. */
export interface CachedResponse {
  readonly etag: string;
  /** The JSON text: every reader gets its own copy. */
  readonly body: string;
  /** The header with the address of the next page. */
  readonly link: string | null;
}

/** Stores bodies for conditional requests. Asynchronous, so that processes can share one. */
export interface ResponseCache {
  get(key: string): Promise<CachedResponse | undefined>;
  set(key: string, response: CachedResponse): Promise<void>;
}

const OVERHEAD_BYTES = 256;

/** Above `maxBytes` the least recently used bodies are dropped. */
export class MemoryResponseCache implements ResponseCache {
  readonly #entries = new Map<string, CachedResponse>();
  #bytes = 0;

  constructor(readonly maxBytes: number) {}

  get bytes(): number {
    return this.#bytes;
  }

  async get(key: string): Promise<CachedResponse | undefined> {
    const entry = this.#entries.get(key);
    if (entry) {
      this.#entries.delete(key);
      this.#entries.set(key, entry);
    }
    return entry;
  }

  async set(key: string, response: CachedResponse): Promise<void> {
    this.#remove(key);
    const size = sizeOf(key, response);
    if (size > this.maxBytes) return;
    this.#entries.set(key, response);
    this.#bytes += size;
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= this.maxBytes) return;
      this.#remove(oldest);
    }
  }

  #remove(key: string): void {
    const entry = this.#entries.get(key);
    if (!entry) return;
    this.#entries.delete(key);
    this.#bytes -= sizeOf(key, entry);
  }
}

/** An upper bound: strings take one or two bytes a character in memory. */
function sizeOf(key: string, response: CachedResponse): number {
  return 2 * (key.length + response.body.length + response.etag.length + (response.link?.length ?? 0)) + OVERHEAD_BYTES;
}
