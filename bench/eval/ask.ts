import { readFile } from 'node:fs/promises';
import type { Band, Ranking, Result, SearchRequest } from '../../electron/contract/schemas.ts';
import type { Engine } from '../../electron/engine/engine.ts';
import { loadSharp } from '../../electron/engine/images/sharp-build.ts';
import type { LabelledPhoto } from './labelled-set.ts';
import type { Outcome } from './metrics.ts';
import type { Setting } from './settings.ts';

/** One query and what came of it. */
export interface Answer {
  query: LabelledPhoto;
  outcome: Outcome;
  /** The first ten. */
  results: Result[];
  /** Each of them is the query's product. */
  right: boolean[];
  ranking: Ranking;
}

/** What the labels say of each product. */
export type Labels = ReadonlyMap<string, LabelledPhoto>;

const ALL = 10_000;

/** Asks the engine every query as the app would. */
export async function askPhotos(
  engine: Engine,
  queries: readonly LabelledPhoto[],
  labels: Labels,
  { request, mirrored }: Setting,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  const { crop, ...how } = request;
  for (const query of queries) {
    const bytes = new Uint8Array(await readFile(query.path));
    const ask = (photo: Uint8Array<ArrayBuffer>) =>
      engine.search({
        query: { kind: 'photo', photo: { bytes: photo }, ...(crop && { crop }) },
        ...how,
        limit: ALL,
      });
    const { results, ranking } = await ask(bytes);
    const ranked = mirrored ? averaged(results, (await ask(await mirror(bytes))).results) : results;
    answers.push(judge(query, ranked, ranking, labels));
  }
  return answers;
}

/** Asks for what is like each product, which leaves the product itself out. */
export async function askProducts(engine: Engine, labels: Labels, { request }: Setting): Promise<Answer[]> {
  const answers: Answer[] = [];
  const { crop: _, ...how } = request;
  for (const query of labels.values()) {
    const asked: SearchRequest = {
      query: { kind: 'product', productId: query.productId },
      ...how,
      limit: 10,
    };
    const { results, ranking } = await engine.search(asked);
    answers.push(judge(query, results, ranking, labels));
  }
  return answers;
}

function judge(query: LabelledPhoto, results: readonly Result[], ranking: Ranking, labels: Labels): Answer {
  const place = results.findIndex(({ productId }) => productId === query.productId);
  const first = results.slice(0, 10);
  const hits = (label: 'category' | 'color') =>
    query[label] === null
      ? null
      : first.slice(0, 5).map(({ productId }) => labels.get(productId)?.[label] === query[label]);
  return {
    query,
    outcome: {
      rank: place < 0 ? null : place + 1,
      categories: hits('category'),
      colors: hits('color'),
    },
    results: first,
    right: first.map(({ productId }) => productId === query.productId),
    ranking,
  };
}

function averaged(results: readonly Result[], mirrored: readonly Result[]): Result[] {
  const scores = new Map(mirrored.map(({ productId, score }) => [productId, score]));
  return results
    .map((result) => ({ ...result, score: (result.score + (scores.get(result.productId) ?? -1)) / 2 }))
    .sort((a, b) => b.score - a.score);
}

async function mirror(bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const sharp = await loadSharp();
  return new Uint8Array(await sharp(bytes).autoOrient().flop().png({ compressionLevel: 1 }).toBuffer());
}

/** How often a band told the truth: of first results in it, and of all results in it. */
export interface BandRecord {
  band: Band;
  firsts: number;
  firstsRight: number;
  results: number;
  right: number;
}

export function bandRecords(answers: readonly Answer[]): BandRecord[] {
  return (['same', 'close', 'similar', 'other'] as const).map((band) => {
    const all = answers.flatMap(({ results, right }) =>
      results.map((result, i) => ({ band: result.band, first: i === 0, right: right[i] ?? false })),
    );
    const inBand = all.filter((result) => result.band === band);
    const firsts = inBand.filter(({ first }) => first);
    return {
      band,
      firsts: firsts.length,
      firstsRight: firsts.filter(({ right }) => right).length,
      results: inBand.length,
      right: inBand.filter(({ right }) => right).length,
    };
  });
}
