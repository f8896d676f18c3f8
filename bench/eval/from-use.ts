// How right a shop's answers have been, by what its people said of them.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Band } from '../../electron/contract/search.ts';
import { readJournal } from '../../electron/engine/files/journal.ts';
import { entry, type GivenEntry } from '../../electron/engine/search/feedback-entries.ts';
import { wilson } from '../../electron/engine/search/statistics.ts';
import { percent, table } from './report.ts';

const BANDS: readonly Band[] = ['same', 'close', 'similar', 'other'];

/** A share with the interval that the true one lies in with 95 % (Wilson). */
interface Share {
  hits: number;
  of: number;
  low: number;
  high: number;
}

/** What was said of answers in one month, or in all. */
export interface MonthOfUse {
  model: string;
  /** "2026-11", by UTC; "all" for all months. */
  month: string;
  /** Photos of which a product was said to be theirs, and of these, how many by a copied SKU alone. */
  confirmed: number;
  copied: number;
  /** Confirmed products that came first, and among the first five. */
  first: Share;
  firstFive: Share;
  /** Photos said to show nothing of the catalog. */
  absent: number;
  /** "No good match": of photos of absent products, where it is right, and of confirmed ones, where it is wrong. */
  noMatchRight: Share;
  noMatchWrong: Share;
  /** First results in each band, and how many were the product. A photo of an absent product has none. */
  bands: Record<Band, Share>;
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : null;
    if (code === 'ENOENT') throw new Error(`There is no folder ${folder}.`, { cause });
    if (code === 'ENOTDIR') throw new Error(`${folder} is no folder.`, { cause });
    throw cause;
  }
}

/**
 * Reads what was said of photos in a data folder, month by month, for each model.
 * @throws Error where the folder has none
 */
export async function readUse(dataDir: string): Promise<MonthOfUse[]> {
  const months: MonthOfUse[] = [];
  for (const name of (await namesIn(dataDir)).sort()) {
    const model = /^feedback-(.+)\.jsonl$/.exec(name)?.[1];
    if (model === undefined) continue;
    const given = await inForce(join(dataDir, name));
    const monthsOfUse = [...new Set(given.map(monthAt))].sort();
    for (const month of monthsOfUse) {
      const inMonth = given.filter((each) => monthAt(each) === month);
      months.push(monthOf(model, month, inMonth));
    }
    if (monthsOfUse.length > 1) months.push(monthOf(model, 'all', given));
  }
  if (months.length === 0) throw new Error(`Nothing was said of photos in ${dataDir}.`);
  return months;
}

const monthAt = ({ at }: GivenEntry) => at.slice(0, 7);

/** The last of each photo that was not taken back. */
async function inForce(path: string): Promise<GivenEntry[]> {
  const given = new Map<string, GivenEntry>();
  for (const line of (await readJournal(path)).entries) {
    const { data } = entry.safeParse(line);
    if (data?.kind === 'given') given.set(data.photo, data);
    if (data?.kind !== 'taken-back') continue;
    for (const [photo, { id }] of given) if (id === data.id) given.delete(photo);
  }
  return [...given.values()];
}

function monthOf(model: string, month: string, given: readonly GivenEntry[]): MonthOfUse {
  const confirmed = given.filter(({ product }) => product !== null);
  const absent = given.filter(({ product }) => product === null);
  const isWithin = (depth: number) => (each: GivenEntry) => (each.shown.rank ?? Infinity) <= depth;
  const isRight = (each: GivenEntry) => each.product !== null && isWithin(1)(each);
  const isNoMatch = ({ shown }: GivenEntry) => (shown.band ?? 'other') === 'other';
  const inBand = (band: Band) =>
    share(
      given.filter((each) => (each.shown.band ?? 'other') === band),
      isRight,
    );
  return {
    ...{ model, month },
    confirmed: confirmed.length,
    copied: confirmed.filter(({ by }) => by === 'copied').length,
    first: share(confirmed, isWithin(1)),
    firstFive: share(confirmed, isWithin(5)),
    absent: absent.length,
    noMatchRight: share(absent, isNoMatch),
    noMatchWrong: share(confirmed, isNoMatch),
    bands: {
      same: inBand('same'),
      close: inBand('close'),
      similar: inBand('similar'),
      other: inBand('other'),
    },
  };
}

function share(given: readonly GivenEntry[], isHit: (each: GivenEntry) => boolean): Share {
  const hits = given.filter(isHit).length;
  return { hits, of: given.length, ...wilson(hits, Math.max(1, given.length)) };
}

/** The months as Markdown. */
export function monthsToMarkdown(months: readonly MonthOfUse[]): string {
  const cell = ({ hits, of, low, high }: Share) =>
    of === 0 ? '' : `${percent(hits, of)} of ${of} (${(100 * low).toFixed(0)}-${(100 * high).toFixed(0)})`;
  return [
    'What people said of answers to photos: in brackets where the true share lies with 95 %. Who finds the product says so more',
    'often than who does not, so shares of right answers are rather too high.',
    '',
    table(
      [
        'model',
        'month',
        'confirmed (copied)',
        'first',
        'first five',
        'not in range',
        '"no good match": of these',
        'of confirmed',
        ...BANDS.map((band) => `${band}: right`),
      ],
      months.map((each) => [
        each.model,
        each.month,
        `${each.confirmed} (${each.copied})`,
        cell(each.first),
        cell(each.firstFive),
        String(each.absent),
        cell(each.noMatchRight),
        cell(each.noMatchWrong),
        ...BANDS.map((band) => cell(each.bands[band])),
      ]),
    ),
    '',
  ].join('\n');
}
