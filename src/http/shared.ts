/** One computation for all callers within the time, so that its cost does not grow with the requests. */
export function shared<T>(compute: () => Promise<T>, freshMs = 1_000): () => Promise<T> {
  let last: { readonly value: Promise<T>; until: number } | undefined;
  return () => {
    if (last && performance.now() < last.until) return last.value;
    const started = { value: compute(), until: Infinity };
    last = started;
    const settle = (): void => {
      started.until = performance.now() + freshMs;
    };
    started.value.then(settle, settle);
    return started.value;
  };
}
