import type { Ranking } from '../../contract/search.ts';
import type { Searchable, StyleMatch } from '../snapshot/searchable.ts';
import { type Candidate, fuse } from './fusion.ts';
import type { Ranked, RankedQuery } from './rank.ts';
import { allOf, conditionsOf, inOrder, isAsked, levelsOfText, priceGap } from './wishes.ts';

export const NO_COLOR: Ranking['color'] = { weight: 0, from: 'default', of: 'picture' };

/** A style that fields find, and how well. */
type Found = Pick<StyleMatch, 'styleId' | 'uid'> & Pick<Candidate, 'score' | 'band'>;
/** Prices of styles that were found. */
type Prices = Map<string, number | null>;

/** Ranks styles by text alone, with a model that has no text encoder: what fits the text best comes first. */
export async function rankByFields(query: RankedQuery): Promise<Ranked> {
  const { asked, understood, snapshot } = query;
  const { wishes, having } = understood;
  const { matches, unwanted } = understood.byFields;
  const ranking = { color: NO_COLOR, confirmed: null, search: 'exact', probability: null } as const;
  if (!isAsked(wishes)) {
    const candidates = await fuse(snapshot, [], matches, null, { vector: 0, fields: 1 });
    const among = new Set(matches.map(({ styleId }) => styleId));
    return {
      ...ranking,
      candidates,
      total: matches.length,
      outOfPrice: 0,
      scope: { conditions: asked.filters, among },
    };
  }
  // Where no style that fits has the words without a meaning, they are given up.
  const strict =
    having && (await findInLevels(query, (styleId) => having.has(styleId) && !unwanted.has(styleId)));
  const { found, isAll, conditions, outOfPrice } =
    strict && strict.found.length > 0
      ? strict
      : await findInLevels(query, (styleId) => !unwanted.has(styleId));
  const candidates = await candidatesOf(found.slice(0, asked.limit), snapshot);
  const among = isAll ? null : new Set(found.map(({ styleId }) => styleId));
  return { ...ranking, candidates, total: found.length, outOfPrice, scope: { conditions, among } };
}

async function findInLevels(
  { asked, understood, snapshot }: RankedQuery,
  passes: (styleId: string) => boolean,
) {
  const { wishes } = understood;
  const { matches } = understood.byFields;
  const found = new Map<string, Found>();
  // Whoever types a title means that product, whatever its words mean elsewhere.
  const byTitle = ['all', 'part'].flatMap((how) => matches.filter(({ titled }) => titled === how));
  for (const { styleId, uid } of byTitle) {
    if (passes(styleId)) found.set(styleId, { styleId, uid, score: 1, band: 'close' });
  }
  const titled = found.size;
  const place = new Map(matches.map(({ styleId, place }) => [styleId, place]));
  let conditions = conditionsOf(asked.filters, wishes);
  let most = 0;
  const prices: Prices = new Map();
  const outside = new Set<string>();
  const gapOf = ({ styleId }: Pick<Found, 'styleId'>) => priceGap(wishes, prices.get(styleId) ?? null);
  const levels = levelsOfText(wishes);
  for (let next = levels.next(); !next.done; next = levels.next(found.size)) {
    const { fit, anyPrice } = next.value;
    const within = anyPrice ? { ...wishes, prices: [] } : wishes;
    conditions = conditionsOf(asked.filters, within, next.value.conditions);
    const passing = await snapshot.passing(conditions);
    most = Math.max(most, passing.length);
    const fresh = passing.filter(({ styleId }) => !found.has(styleId) && passes(styleId));
    for (const { styleId, price } of passing) prices.set(styleId, price);
    fresh.sort((a, b) => (place.get(a.styleId) ?? Infinity) - (place.get(b.styleId) ?? Infinity) || 0);
    if (anyPrice) fresh.sort((a, b) => gapOf(a) - gapOf(b) || 0);
    for (const { styleId } of anyPrice ? fresh : []) outside.add(styleId);
    for (const style of fresh)
      found.set(style.styleId, {
        ...style,
        score: fit === 'all' ? 1 : 0.5,
        band: fit === 'all' ? 'close' : 'similar',
      });
  }
  // A price limit that leaves no coat is a limit on coats, and not on the jackets that are nearest to them.
  if (found.size === 0 && (await snapshot.count(allOf({}, wishes))) > 0)
    return { found: [], isAll: true, conditions: allOf(asked.filters, wishes), outOfPrice: 0 };
  // Facets count what one set of conditions leaves, or else the styles that were found.
  const isAll = found.size === most && titled <= most;
  const wide = outside.size > 0 ? { ...wishes, prices: [] } : wishes;
  const scope = isAll ? conditions : conditionsOf(asked.filters, wide);
  const all = [...found.values()];
  if (wishes.order !== null) {
    const compare = inOrder(wishes.order);
    const priceOf = ({ styleId }: Found) => prices.get(styleId) ?? null;
    all.sort((a, b) => b.score - a.score || compare(priceOf(a), priceOf(b)));
  }
  return { found: all, isAll, conditions: scope, outOfPrice: outside.size };
}

async function candidatesOf(found: readonly Found[], snapshot: Searchable): Promise<Candidate[]> {
  const uids = found.map(({ uid }) => uid);
  const shown = new Map(
    (await snapshot.neighbours(uids, null)).map((neighbour) => [neighbour.uid, neighbour]),
  );
  return found.flatMap(({ uid, score, band }) => {
    const neighbour = shown.get(uid);
    return neighbour ? [{ neighbour, score, band, typed: false }] : [];
  });
}
