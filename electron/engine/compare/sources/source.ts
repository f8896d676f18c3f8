import type { RowFacts } from '../../../contract/compare.ts';
import { LookalikeError } from '../../../contract/errors.ts';
import type { SourceUnusable } from '../../../contract/faults/comparisons.ts';
import type { Fault } from '../../../contract/faults.ts';

/** A picture that a source has or names. */
export interface Item {
  /** What the source calls it: the key for reading it. */
  at: string;
  /** The line of a table. */
  line: number | null;
  facts: RowFacts | null;
  /** Why it cannot be read, where that is known without trying. */
  fault: Fault | null;
}

/** A source of pictures, opened. */
export interface OpenSource {
  /**
   * All pictures, in an order that people expect.
   * @throws LookalikeError COMPARISON_SOURCE_UNUSABLE, FEED_INVALID, CANCELLED
   */
  items(signal: AbortSignal): AsyncIterable<Item>;
  /**
   * The bytes of a picture, which may be no picture.
   * @throws LookalikeError IMAGE_*, PICTURE_*, AUTH_REFUSED, CANCELLED
   */
  read(at: string, signal: AbortSignal): Promise<Uint8Array>;
  /**
   * Returns when the source is still there, so that only the one picture is missing.
   * @throws LookalikeError COMPARISON_SOURCE_UNUSABLE
   */
  require(): Promise<void>;
  close(): void;
}

/** The most pictures of a comparison. */
export const MOST_PICTURES = 20_000;

/** The error for a source that cannot be used. */
export function unusable(path: string, params: SourceUnusable, cause?: unknown): LookalikeError {
  const fault = { code: 'COMPARISON_SOURCE_UNUSABLE', params: { ...params, path } } as const;
  return new LookalikeError(fault, { item: path, cause });
}
