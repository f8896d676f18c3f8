// A shop's season: photos in a random order, each answered with what was learned from those before it.
import { readFile } from 'node:fs/promises';
import type { Engine } from '../../electron/engine/engine.ts';
import { seeded } from '../random.ts';
import { type Answer, askPhotos } from './ask.ts';
import type { LabelledPhoto, Labels } from './labelled-set.ts';
import type { Setting } from './settings.ts';

/** People look at so many results for the photo's product. */
const LOOKED_AT = 10;
const DRAWS = 5;

/** One photo's answer in its place of a season. */
export interface InSeason {
  answer: Answer;
  /** Photos with feedback before it. */
  before: number;
  /** A product was confirmed for another photo of the same product. */
  isKnown: boolean;
}

export interface SeasonOptions {
  /** The share of feedback that names another of the first results. */
  wrong: number;
  /** Whether people say which product a photo shows. */
  feedback: boolean;
}

/** The parts of seasons that are told apart. */
export const PARTS: readonly { name: string; has: (one: InSeason) => boolean }[] = [
  { name: 'answers 0 to 19', has: ({ before }) => before < 20 },
  { name: '20 to 49', has: ({ before }) => before >= 20 && before < 50 },
  { name: '50 to 199', has: ({ before }) => before >= 50 && before < 200 },
  { name: '200 and more', has: ({ before }) => before >= 200 },
  { name: '20 and more, product never confirmed', has: ({ before, isKnown }) => before >= 20 && !isKnown },
  { name: 'all', has: () => true },
];

/** Ways in which a shop may use it. */
export const SEASONS: readonly { name: string; options: SeasonOptions }[] = [
  { name: 'photos alone', options: { wrong: 0, feedback: false } },
  { name: 'with feedback', options: { wrong: 0, feedback: true } },
  { name: 'with feedback, a tenth wrong', options: { wrong: 0.1, feedback: true } },
];

/**
 * Asks the engine every query in five seeded random orders. Whoever finds the photo's product among the first ten results says so; of a
 * photo whose product is not in the catalog they say that.
 * @param leftOut gets the queries that the engine could not read
 */
export async function askSeasons(
  engine: Engine,
  queries: readonly LabelledPhoto[],
  labels: Labels,
  { request }: Setting,
  { wrong, feedback }: SeasonOptions,
  leftOut: Set<string>,
): Promise<InSeason[][]> {
  const seasons: InSeason[][] = [];
  const setting = { name: '', request: { ...request, learned: true } };
  const learned = await engine.learned;
  for (let draw = 1; draw <= DRAWS; draw++) {
    await learned.forget();
    const random = seeded(draw);
    const order = queries.map((query) => ({ query, at: random() })).sort((a, b) => a.at - b.at);
    const season: InSeason[] = [];
    const known = new Set<string>();
    let before = 0;
    for (const { query } of order) {
      const [answer] = await askPhotos(engine, [query], labels, setting, leftOut);
      if (!answer) continue;
      season.push({ answer, before, isKnown: known.has(query.productId) });
      if (!feedback) continue;
      const product = said(answer, wrong, random);
      if (product === undefined) continue;
      if (product === query.productId) known.add(product);
      await give(engine, answer, product);
      before++;
    }
    seasons.push(season);
  }
  await learned.forget();
  return seasons;
}

/** The product that is said to be the photo's; null for none of the catalog, undefined where nothing is said. */
function said({ query, results, outcome }: Answer, wrong: number, random: () => number) {
  const first = results.slice(0, LOOKED_AT).map(({ productId }) => productId);
  const others = first.filter((productId) => productId !== query.productId);
  const [isWrong, pick] = [random() < wrong, random()];
  if (isWrong) return others[Math.floor(pick * others.length)];
  if (!outcome.inCatalog) return null;
  return first.includes(query.productId) ? query.productId : undefined;
}

async function give(engine: Engine, { query, results, ranking }: Answer, productId: string | null) {
  const place = results.findIndex((result) => result.productId === productId);
  await engine.giveFeedback({
    photo: { bytes: new Uint8Array(await readFile(query.path)) },
    crop: 'auto',
    product: results[place]?.uid ?? null,
    by: 'said',
    shown: {
      rank: place < 0 ? null : place + 1,
      band: results[0]?.band ?? null,
      probability: ranking.probability,
    },
  });
  await engine.calibrate();
}
