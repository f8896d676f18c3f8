import { LookalikeError } from '../../contract/errors.ts';
import { uidOfKey } from '../catalog/product-ids.ts';
import { SAME_VECTOR } from '../catalog/staged-pictures.ts';
import type { Staging } from '../catalog/staging.ts';
import type { MadeImages } from './made-images.ts';
import { removesTooMuch } from './plan.ts';
import type { ProblemLog } from './problem-log.ts';
import type { ImageStager } from './stager.ts';

/** Pictures of the whole catalog that are compared with each other before a publish. */
const SAMPLE = 20;
/** When this many pictures all have the same vector, the model is at fault. Fewer could be copies of one picture. */
const LEAST_TO_TELL_APART = 8;
/** Kinds of problem that the error names when nothing of a feed is usable. */
const MOST_REASONS = 5;

/** @throws LookalikeError GATE_REMOVALS when so many products would be removed that someone has to confirm it. */
export function checkRemovals(removed: number, published: number): void {
  if (!removesTooMuch(removed, published)) return;
  throw new LookalikeError({ code: 'GATE_REMOVALS', params: { removed, published } });
}

/**
 * The gates before a publish: at least one product remains, not too many products are removed (those whose pictures failed
 * count too), and a sample of the new pictures finds itself first. When a gate fails, the published catalog does not change
 * and the work stays staged.
 * @throws LookalikeError FEED_EMPTY, GATE_REMOVALS, GATE_NOT_FOUND
 */
export async function checkBeforePublish(
  staging: Staging,
  stager: ImageStager,
  problems: ProblemLog,
  confirmRemovals: boolean,
): Promise<void> {
  const kept = stager.keptProducts();
  if (kept.size === 0) throw feedEmpty(problems);
  if (!confirmRemovals) {
    const published = new Set([...staging.ownPublished.keys()].map(uidOfKey));
    checkRemovals([...published].filter((id) => !kept.has(id)).length, published.size);
  }
  await checkFound(staging, stager.made);
}

/** Makes the error for a feed with nothing usable. It gives the reasons, the most frequent first. */
export function feedEmpty(problems: ProblemLog): LookalikeError {
  const kinds = problems.kinds().slice(0, MOST_REASONS);
  const reasons = kinds.map(({ code, count, first: { item, image, params } }) => {
    return { code, count, example: { item, image, params } };
  });
  return new LookalikeError({ code: 'FEED_EMPTY', params: { reasons } });
}

/**
 * Searches the table for pictures by the vectors that the model has just made for them, and checks whether the model tells
 * pictures apart at all. If this fails, the new features are deleted, because a later sync would reuse them.
 * @throws LookalikeError GATE_NOT_FOUND, with the product whose picture was not found
 */
export async function checkFound(staging: Staging, made: MadeImages): Promise<void> {
  const refused = (await findLost(staging, made)) ?? (made.hashes.size > 0 ? await findBlind(staging) : null);
  if (!refused) return;
  await staging.discard(made.hashes);
  throw refused;
}

async function findLost(staging: Staging, made: MadeImages): Promise<LookalikeError | null> {
  for (const { imageHash, vector } of made.sample) {
    if (await staging.pictures.finds(imageHash, vector)) continue;
    const row = [...staging.rows.values()].find((each) => each.imageHash === imageHash);
    const item = row?.productId ?? imageHash;
    return new LookalikeError({ code: 'GATE_NOT_FOUND', params: { reason: 'lost', item } }, { item });
  }
  return null;
}

/**
 * Detects a model that gives one vector for everything. With such a model every picture finds itself, and every other
 * picture too.
 */
async function findBlind(staging: Staging): Promise<LookalikeError | null> {
  const hashes = [...new Set([...staging.rows.values()].map((row) => row.imageHash))];
  const contents = await staging.pictures.featuresOf(evenly(hashes, SAMPLE));
  const [first, ...others] = [...contents.values()].map(({ vector }) => vector);
  if (!first || others.length + 1 < LEAST_TO_TELL_APART) return null;
  if (others.some((other) => 1 - dot(first, other) >= SAME_VECTOR)) return null;
  return new LookalikeError({ code: 'GATE_NOT_FOUND', params: { reason: 'all-alike' } });
}

const dot = (a: Float32Array, b: Float32Array): number =>
  a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);

function evenly<T>(items: readonly T[], count: number): T[] {
  const step = Math.max(1, items.length / count);
  return Array.from({ length: Math.min(count, items.length) }, (_, i) => items[Math.floor(i * step)]).filter(
    (item) => item !== undefined,
  );
}
