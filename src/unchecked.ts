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
