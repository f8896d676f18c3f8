import { LookalikeError } from '../../contract/errors.ts';
import type { Staging } from '../catalog/staging.ts';
import { removesTooMuch } from './plan.ts';
import type { ImageStager } from './stager.ts';

/** New pictures that are asked for before a publish. */
const SAMPLE = 20;

/** @throws LookalikeError GATE_REMOVALS when so much would go that someone has to confirm it. */
export function checkRemovals(removed: number, published: number): void {
  if (!removesTooMuch(removed, published)) return;
  throw new LookalikeError('GATE_REMOVALS', {
    detail: `This would remove ${removed} of ${published} products. Nothing was changed; confirm it if it is meant.`,
  });
}

/**
 * The gates before a publish: something is left, not too much goes (pictures that failed count too), and a sample of
 * the new pictures finds itself first. A closed gate leaves the store as it was and the work staged.
 * @throws LookalikeError FEED_EMPTY, GATE_REMOVALS, GATE_NOT_FOUND
 */
export async function checkBeforePublish(
  staging: Staging,
  stager: ImageStager,
  confirmRemovals: boolean,
): Promise<void> {
  const kept = stager.keptProducts();
  if (kept.size === 0) throw new LookalikeError('FEED_EMPTY');
  if (!confirmRemovals) {
    const published = new Set([...staging.published.values()].map((row) => row.productId));
    checkRemovals([...published].filter((id) => !kept.has(id)).length, published.size);
  }
  await checkFound(staging, stager.newHashes);
}

/** @throws LookalikeError GATE_NOT_FOUND when pictures that were just embedded, a sample of them, do not find themselves. */
export async function checkFound(staging: Staging, newHashes: readonly string[]): Promise<void> {
  const lost = await staging.notFoundByTheirOwn(evenly(newHashes, SAMPLE));
  if (lost.length > 0) throw new LookalikeError('GATE_NOT_FOUND', { item: lost[0] ?? '' });
}

function evenly<T>(items: readonly T[], count: number): T[] {
  const step = Math.max(1, items.length / count);
  return Array.from({ length: Math.min(count, items.length) }, (_, i) => items[Math.floor(i * step)]).filter(
    (item) => item !== undefined,
  );
}
