import type { Comparison } from '../contract/compare.ts';
import { LookalikeError } from '../contract/errors.ts';
import type { Engine } from '../engine/engine.ts';

/**
 * The comparison with an id or a name.
 * @throws LookalikeError COMPARISON_UNKNOWN when there is none, or several have the name
 */
export async function comparisonNamed(engine: Engine, named: string): Promise<Comparison> {
  const all = await engine.comparisons.list();
  const found = all.filter(({ id, name }) => id === named || name === named);
  const [first] = found;
  if (first && found.length === 1) return first;
  if (found.length > 1) process.stderr.write(`Several comparisons are called "${named}": use the id.\n`);
  throw new LookalikeError({ code: 'COMPARISON_UNKNOWN', params: {} }, { item: named });
}
