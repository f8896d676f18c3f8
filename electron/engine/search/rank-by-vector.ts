import type { Conditions } from '../words/conditions.ts';
import { type Candidate, fuse } from './fusion.ts';
import { rankByPicture } from './picture-ranking.ts';
import type { QueryImage } from './query-image.ts';
import type { Ranked, RankedQuery } from './rank.ts';
import { NO_COLOR } from './rank-by-fields.ts';
import { conditionsOf, FEW, inOrder, levelsBesidePicture } from './wishes.ts';
import { bandsOfWords } from './words-bands.ts';

/** So many nearest styles are fused with those found by their fields. Further down a rank says nothing. */
const FUSED = 1000;

/** So many nearest styles of a level are put in the order of their prices, where that is asked for beside a picture. */
const ORDERED = 24;

/** The first results of a picture alone, which vote for the kind of thing that it shows. */
const VOTERS = 10;
/** A category with a smaller share of the votes is not what the picture shows. */
const LEAST_SHARE = 0.15;

/** Ranks by the vector, and by the fields that have the text, what passes the filters. */
export async function rankByVector(query: RankedQuery): Promise<Ranked> {
  const { asked, understood, snapshot } = query;
  const ranked = await nearestOf(query, asked.filters, asked.limit);
  const { words, usesMeaning, vector, byFields } = understood;
  if (!words) return ranked;
  // Both rankings count alike for text alone. Beside a picture the fields count as much as the text does.
  const weights = { vector: usesMeaning ? 1 : 1 - words.balance, fields: words.balance };
  const near = new Set(ranked.candidates.map(({ neighbour }) => neighbour.styleId));
  const allowed =
    asked.sameColor && query.image
      ? byFields.matches.filter(({ styleId }) => near.has(styleId))
      : byFields.matches;
  return { ...ranked, candidates: await fuse(snapshot, ranked.candidates, allowed, vector, weights) };
}

/**
 * Ranks by the vector what fits the text best, then what fits it less, down to everything that meets what it firmly asks for. So a
 * picture ranks within what the words name, whatever the model.
 */
export async function rankInLevels(query: RankedQuery): Promise<Ranked> {
  const { asked, understood } = query;
  const { wishes, having } = understood;
  const base = conditionsOf(asked.filters, wishes);
  const kinds = await kindsShown(query);
  const found = new Map<string, Candidate>();
  for (const candidate of await titledOf(query)) found.set(candidate.neighbour.styleId, candidate);
  let first: Ranked | null = null;
  const compare = inOrder(wishes.order);
  const outside = new Set<string>();
  const most = wishes.order === null ? asked.limit : Math.max(asked.limit, ORDERED);
  for (const { conditions, anyPrice } of levelsBesidePicture(wishes, kinds)) {
    if (found.size >= asked.limit && first) break;
    if (anyPrice && found.size - outside.size >= FEW) continue;
    const within = anyPrice ? { ...wishes, prices: [] } : wishes;
    const level = await nearestOf(query, conditionsOf(asked.filters, within, conditions), most + found.size);
    first ??= level;
    const fresh = level.candidates.filter(({ neighbour }) => !found.has(neighbour.styleId));
    const hasRest = ({ neighbour }: Candidate) => Number(having?.has(neighbour.styleId) ?? false);
    const priceOf = ({ neighbour }: Candidate) => neighbour.product.price;
    for (const { neighbour } of anyPrice ? fresh : []) outside.add(neighbour.styleId);
    fresh.sort((a, b) => hasRest(b) - hasRest(a));
    const byPrice = fresh.splice(0, ORDERED).sort((a, b) => compare(priceOf(a), priceOf(b)));
    for (const candidate of [...byPrice, ...fresh]) found.set(candidate.neighbour.styleId, candidate);
  }
  const { color, confirmed, search } = first ?? {
    color: NO_COLOR,
    confirmed: null,
    search: 'exact' as const,
  };
  const scope = { conditions: base, among: null };
  const total = (await totalOf(query, base)) + outside.size;
  const outOfPrice = outside.size;
  return {
    candidates: [...found.values()],
    total,
    outOfPrice,
    color,
    confirmed,
    search,
    probability: null,
    scope,
  };
}

/** Without a picture: styles whose title was typed. */
async function titledOf({ image, understood, snapshot }: RankedQuery): Promise<Candidate[]> {
  const { vector, byFields } = understood;
  const titled = ['all', 'part'].flatMap((how) => byFields.matches.filter((match) => match.titled === how));
  if (image) return [];
  const neighbours = await snapshot.neighbours(
    titled.map(({ uid }) => uid),
    vector,
  );
  return neighbours.map((neighbour) => ({ neighbour, score: neighbour.score, band: 'close', typed: false }));
}

async function totalOf({ understood, snapshot }: RankedQuery, conditions: Conditions): Promise<number> {
  const { unwanted } = understood.byFields;
  if (unwanted.size === 0) return snapshot.count(conditions);
  return (await snapshot.passing(conditions)).filter(({ styleId }) => !unwanted.has(styleId)).length;
}

/**
 * The categories of what the picture shows: first the one that it most likely shows, then with its kin, then with what else it
 * may show. None where the text names one.
 */
async function kindsShown(query: RankedQuery): Promise<string[][]> {
  const { asked, image, understood } = query;
  if (!image || understood.wishes.soft.some(({ kind }) => kind === 'category')) return [];
  const byFields = { matches: [], unwanted: new Set<string>() };
  const { vector } = image;
  const alone = {
    ...query,
    understood: { ...understood, vector, byFields, usesMeaning: false, namesColor: false },
  };
  const { candidates } = await nearestOf(alone, asked.filters, VOTERS);
  const votes = new Map<string, number>();
  let total = 0;
  for (const [i, { neighbour }] of candidates.slice(0, VOTERS).entries()) {
    if (neighbour.category === null) continue;
    votes.set(neighbour.category, (votes.get(neighbour.category) ?? 0) + 1 / (i + 1));
    total += 1 / (i + 1);
  }
  const [first, ...others] = [...votes].sort((a, b) => b[1] - a[1]);
  if (!first) return [];
  const possible = others.filter(([, vote]) => vote >= LEAST_SHARE * total).map(([category]) => category);
  const kin = [...new Set([first[0], ...understood.kinsOf([first[0]])])];
  return [[first[0]], kin, [...new Set([...kin, ...possible])]];
}

/** The styles nearest to the query's vector, so many that those found by their fields have a rank among them too. */
async function nearestOf(query: RankedQuery, filters: Conditions, most: number): Promise<Ranked> {
  const { asked, image, understood, snapshot, calibration } = query;
  const { usesMeaning } = understood;
  const { matches, unwanted } = understood.byFields;
  const vector = understood.vector ?? new Float32Array();
  // At least two: a band depends on the next style too.
  const limit = Math.max(most, matches.length > 0 ? FUSED : 2) + unwanted.size;
  const ranked = image
    ? await rankByPicture(
        snapshot,
        {
          vector,
          colors: colorsOf(query, image),
          colorTrust: image.colorTrust,
          own: image.own,
          use: query.use,
          common: query.common,
        },
        calibration,
        { ...asked, filters, limit },
      )
    : {
        ...(await snapshot.nearest(vector, limit, filters)),
        bands: [],
        color: NO_COLOR,
        confirmed: null,
        probability: null,
      };
  const bands = usesMeaning
    ? bandsOfWords(ranked.neighbours, matches, snapshot.similarities(vector))
    : ranked.bands;
  const candidates = ranked.neighbours.flatMap((neighbour, i) =>
    unwanted.has(neighbour.styleId)
      ? []
      : [{ neighbour, score: neighbour.score, band: bands[i] ?? 'other', typed: false }],
  );
  const { color, confirmed, search, probability } = ranked;
  const isPictureAlone = understood.words === null && asked.without === undefined;
  // "Same colour" ranks some styles only, so the unwanted ones among them are counted.
  const total = asked.sameColor
    ? ranked.total - (ranked.neighbours.length - candidates.length)
    : unwanted.size === 0
      ? ranked.total
      : await totalOf(query, filters);
  return {
    candidates,
    total,
    outOfPrice: 0,
    color,
    confirmed,
    search,
    probability: isPictureAlone ? probability : null,
    scope: { conditions: filters, among: null },
  };
}

/** The picture's colours count unless the text names a colour, or says something that may be one. */
function colorsOf({ asked, understood }: RankedQuery, image: QueryImage): QueryImage['colors'] | null {
  const isChosen = asked.sameColor || asked.colorWeight !== undefined;
  return isChosen || !understood.namesColor ? image.colors : null;
}
