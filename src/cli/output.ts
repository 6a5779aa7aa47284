import { once } from "node:events";
import pc from "picocolors";

/** Colours for standard output: none if it is not a terminal, or NO_COLOR is set. CI systems are not terminals. */
export const colours = pc.createColors(pc.isColorSupported && process.stdout.isTTY);
/** The same for standard error. */
export const errorColours = pc.createColors(pc.isColorSupported && process.stderr.isTTY);

/** The reader of the output has closed it, as in `| head`. Not a failure: the command ends. */
export class OutputClosedError extends Error {
  override readonly name = "OutputClosedError";
}

/** Drops output after its reader has closed it. */
export function tolerateClosedOutput(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}

/**
 * Prints a part of a long output, no faster than its reader reads it.
 * @throws OutputClosedError when the reader has closed it.
 */
export async function print(text: string): Promise<void> {
  const { stdout } = process;
  if (stdout.destroyed) throw new OutputClosedError();
  if (stdout.write(text)) return;
  await once(stdout, "drain").catch((error: unknown) => {
    throw new OutputClosedError("the output was closed", { cause: error });
  });
}
