import type { Organisation } from "./organisation.js";
export interface GenerateOptions {
  readonly seed?: number;
}
export function generate(_organisation: Organisation, _options: GenerateOptions): { installation: number } {
  return { installation: 0 };
}
