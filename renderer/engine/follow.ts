/**
 * Reads a stream of progress to its end, showing each step.
 * @returns what the stream ends with @throws what it fails with
 */
export async function follow<P, T>(steps: AsyncIterator<P, T>, show: (progress: P) => void): Promise<T> {
  for (;;) {
    const step = await steps.next();
    if (step.done) return step.value;
    show(step.value);
  }
}
