/** Yields the thread. Resolves when work in the background may go on. */
export type Pause = () => Promise<void>;

/** The longest time that the thread is held between two pauses, in milliseconds. */
const SLICE_MS = 4;

/** Runs steps of well under a millisecond, with a pause whenever they have held the thread for a slice. */
export async function inSlices(steps: Generator<unknown, void>, pause: Pause): Promise<void> {
  let end = performance.now() + SLICE_MS;
  while (!steps.next().done) {
    if (performance.now() < end) continue;
    await pause();
    end = performance.now() + SLICE_MS;
  }
}
