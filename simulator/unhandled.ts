/** Something asked for what is not simulated: what it then saw was no GitHub. */
export class UnhandledError extends Error {
  override readonly name = "UnhandledError";
}

/** @throws UnhandledError that names what was asked for, if anything was. */
export function expectHandled(unhandled: Iterable<string>): void {
  const names = [...unhandled];
  if (names.length > 0)
    throw new UnhandledError(`The simulated GitHub was asked for what it is not: ${names.join("; ")}`);
}
