import type { EmitterWebhookEvent } from "@octokit/webhooks";

/**
 * The only file in which casts are allowed: between a library's declared type and the known shape of a value. Each
 * function explains why it is safe.
 */

/** `JSON.parse` returns `any`; the value is unknown until a schema has read it. */
export function parseJson(text: string): unknown {
  return JSON.parse(text);
}

interface WebAssemblyGlobal {
  readonly WebAssembly: {
    readonly Module: new (bytes: Uint8Array) => object;
    readonly Instance: new (module: object, imports: object) => { readonly exports: WasmExports };
  };
}
type WasmExports = Readonly<Record<string, (() => void) | undefined>>;

/** `WebAssembly` is a global of every Node, which `@types/node` 20 leaves to the browser's types. */
export function instantiateWasm(bytes: Uint8Array, imports: object): WasmExports {
  const { WebAssembly } = globalThis as unknown as WebAssemblyGlobal;
  return new WebAssembly.Instance(new WebAssembly.Module(bytes), imports).exports;
}

/**
 * An event in Probot's type. The handlers take the payload as unknown and parse it themselves, so the type is never
 * relied on.
 */
export function asWebhookEvent(event: { readonly id: string; readonly name: string; readonly payload: object }) {
  return event as EmitterWebhookEvent;
}

/**
 * Stops the parser of a closing connection: data that arrived with the last request may contain thousands of further
 * requests, and Node creates two objects for each. The parser is undocumented; without it these objects are created.
 */
export function parseNoMore(socket: object): void {
  const { parser } = socket as { readonly parser?: { onIncoming?: unknown } | null };
  // Anything but 0, 1 and 2 is an error to the parser, at the next request.
  if (parser) parser.onIncoming = () => -1;
}
