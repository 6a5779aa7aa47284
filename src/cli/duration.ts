import { InvalidArgumentError } from "commander";

const UNITS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** `90m`, `2h`, `3d` in milliseconds. */
export function toDuration(text: string): number {
  const { number, unit } = /^(?<number>[1-9]\d{0,5})(?<unit>[mhd])$/.exec(text)?.groups ?? {};
  if (unit === "m" || unit === "h" || unit === "d") return Number(number) * UNITS[unit];
  throw new InvalidArgumentError("A duration is a number and m, h or d, such as 90m, 2h or 3d.");
}
