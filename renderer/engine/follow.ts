/**
 * Reads a stream of progress to its end, and shows each step.
 * @returns the final value of the stream
 * @throws the error of the stream
 */
export async function follow<P, T>(steps: AsyncIterator<P, T>, show: (progress: P) => void): Promise<T> {
  for (;;) {
    const step = await steps.next();
    if (step.done) return step.value;
    show(step.value);
  }
}
