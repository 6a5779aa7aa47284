import { once } from "node:events";

/** Whoever read what is printed reads no more, as in `| head`: nothing is wrong, and nothing is left to do. */
export class OutputClosedError extends Error {
  override readonly name = "OutputClosedError";
}

/** What is printed when nobody reads any more is dropped. */
export function tolerateClosedOutput(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}

/**
 * Prints a part of what may be long, as fast as it is read.
 * @throws OutputClosedError when nobody reads any more.
 */
export async function print(text: string): Promise<void> {
  const { stdout } = process;
  if (stdout.destroyed) throw new OutputClosedError();
  if (stdout.write(text)) return;
  await once(stdout, "drain").catch((error: unknown) => {
    throw new OutputClosedError("nobody reads any more", { cause: error });
  });
}
