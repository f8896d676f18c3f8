import { invalidFeed } from './invalid-feed.ts';

/** The name of a member, the index of an element, or `*` for all of them. */
type Step = string | number | typeof EVERY;
export type Path = readonly Step[];
const EVERY = Symbol('*');

/**
 * Parses a path: names and indexes, separated by dots or in brackets, starting at the root `$`, which may be left out.
 * `price.amount`, `images[*].src`, `variants[0].sku`, `["odd name"]`, `products.*`
 * @throws LookalikeError FEED_INVALID
 */
export function parsePath(path: string, ref: string): Path {
  const step = /\.?(?:\[(?:(\d+)|(\*)|"((?:[^"\\]|\\.)*)")\]|(\*)(?=[.[]|$)|([^.[\]"*$][^.[\]]*))/y;
  const steps: Step[] = [];
  step.lastIndex = path.startsWith('$') ? 1 : 0;
  while (step.lastIndex < path.length) {
    const found = step.exec(path);
    if (!found) throw invalidFeed(ref, { reason: 'mapping-path', path });
    const [, place, every, quoted, star, name] = found;
    if (every ?? star) steps.push(EVERY);
    else if (place !== undefined) steps.push(Number(place));
    else steps.push(name?.trim() ?? quoted?.replaceAll(/\\(.)/g, '$1') ?? '');
  }
  return steps;
}

/** All values at the path, in order; empty when nothing is there. */
export function valuesAt(value: unknown, path: Path): unknown[] {
  let values = [value];
  for (const step of path) values = values.flatMap((inside) => stepInto(inside, step));
  return values;
}

function stepInto(value: unknown, step: Step): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  if (step === EVERY) return Object.values(value);
  if (typeof step === 'number' && !Array.isArray(value)) return [];
  const found: unknown = Object.hasOwn(value, step) ? Reflect.get(value, step) : undefined;
  return found === undefined || found === null ? [] : [found];
}

/**
 * Converts the path of items to a selector of the streaming parser. A path to their list selects the list's elements.
 * @throws LookalikeError FEED_INVALID for a name that a selector cannot contain
 */
export function selectorOf(path: Path, ref: string): string {
  const steps = path.at(-1) === EVERY ? path : [...path, EVERY];
  const names = steps.map((step) => (step === EVERY ? '*' : String(step)));
  const odd = steps.find(
    (step) => typeof step === 'string' && (step.includes('.') || step === '*' || step === ''),
  );
  if (odd !== undefined) throw invalidFeed(ref, { reason: 'mapping-step', step: String(odd) });
  return ['$', ...names].join('.');
}
