import { readFile, stat } from 'node:fs/promises';
import { z } from 'zod';
import { matchType } from '../../contract/compare.ts';
import { storageError } from '../files/storage-error.ts';
import { unusable } from './sources/source.ts';

/** 20,000 decisions take 6 MB. */
const MOST_BYTES = 20_000_000;

const choice = z.object({ match: matchType, product: z.string().max(1000).nullable() });

/** The decisions that a hand-off (`export/handoff.ts`) gives back. */
const handedBack = z.object({
  lookalike: z.literal('decisions'),
  version: z.literal(1),
  name: z.string(),
  /** Who decided, as they wrote it. */
  by: z.string().max(200),
  rows: z
    .array(
      choice.extend({
        row: z.number().int(),
        /** sha256 of the picture's file, hex: a row is found by its picture, also in a copy of the comparison. */
        picture: z.string().max(64),
        /** How the row was decided when it was handed off; null for not at all. */
        before: choice.nullable(),
      }),
    )
    .max(20_000),
});
export type HandedBack = z.infer<typeof handedBack>;

/**
 * Reads decisions that were handed back.
 * @throws LookalikeError COMPARISON_SOURCE_UNUSABLE, STORAGE_*
 */
export async function readHandedBack(path: string): Promise<HandedBack> {
  let text: string;
  try {
    if ((await stat(path)).size > MOST_BYTES) throw unusable(path, { reason: 'no-decisions' });
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw storageError(cause, path);
  }
  try {
    return handedBack.parse(JSON.parse(text));
  } catch (cause) {
    throw unusable(path, { reason: 'no-decisions' }, cause);
  }
}
