import type { EmitterWebhookEvent } from "@octokit/webhooks";

/**
 * The one place where a cast is allowed: between a type that a library declares and the shape that it is known to
 * have. Each function says what makes it true.
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
 * An event as Probot's types want it. Our handlers take the payload as unknown and parse it themselves, so nothing
 * relies on the claim that it has the shape of its event.
 */
export function asWebhookEvent(event: { readonly id: string; readonly name: string; readonly payload: object }) {
  return event as EmitterWebhookEvent;
}

/**
 * Stops the parser of a connection that is being closed: what was read with the request that closed it may hold
 * thousands more, and Node makes two objects of each. The parser is not documented: without it they are made.
 */
export function parseNoMore(socket: object): void {
  const { parser } = socket as { readonly parser?: { onIncoming?: unknown } | null };
  // Anything but 0, 1 and 2 is an error to the parser, at the next request.
  if (parser) parser.onIncoming = () => -1;
}
