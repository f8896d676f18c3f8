import type { Ranking } from '../../electron/contract/search.ts';
import type { Answer, BandRecord, Presence } from './ask.ts';
import { INSTANCE, LABELS, type Metric, type MetricName, measure } from './metrics.ts';

type Metrics = Partial<Record<MetricName, Metric>>;

/** The results of one set of queries with one setting. */
export interface Measured {
  model: string;
  gallery: string;
  setting: string;
  ranking: Ranking | null;
  queries: number;
  /** Of these, how many show a product that is not in the catalog. They are not counted in finding the product. */
  absent: number;
  metrics: Metrics;
  perCategory: Record<string, Metrics>;
  bands: BandRecord[];
  /** Null where no query shows an absent product. */
  presence: Presence | null;
  /** Of queries for a product that is not in the catalog, how many are told that it is: the first result's band. */
  heldOut: BandRecord[];
}

/** The results of one run. */
export interface Report {
  set: string;
  note: string | null;
  photos: number;
  products: number;
  queries: number;
  /** Parts of the set that could not be used, and why. */
  leftOut: string[];
  runs: Measured[];
}

/** The number of these that a report shows. */
const MOST_LEFT_OUT = 20;

/** The measures that say something of this set. */
function columnsOf(runs: readonly Measured[]): MetricName[] {
  return [...INSTANCE, ...LABELS].filter((name) => runs.some(({ metrics }) => metrics[name]));
}

/** @param labelled the answers for measuring categories and colours */
export function perCategory(
  answers: readonly Answer[],
  labelled: readonly Answer[],
): Record<string, Metrics> {
  const names = [...new Set(answers.map(({ query }) => query.category))];
  return Object.fromEntries(
    names.map((category) => {
      const outcomesOf = (all: readonly Answer[]) =>
        all.filter(({ query }) => query.category === category).map(({ outcome }) => outcome);
      const metrics = { ...measure(outcomesOf(answers), INSTANCE), ...measure(outcomesOf(labelled), LABELS) };
      return [category ?? 'none', metrics];
    }),
  );
}

/** The whole report as Markdown. */
export function toMarkdown({ set, note, photos, products, queries, leftOut, runs }: Report): string {
  const [first] = runs;
  const columns = columnsOf(runs);
  const absent = first?.absent ? `, ${first.absent} of them for products that are not in the catalog` : '';
  return [
    `${set}: ${photos} photos of ${products} products, ${queries} queries${absent}.`,
    ...(note ? [note] : []),
    ...(leftOut.length > 0 ? ['', ...leftOutLines(leftOut), ''] : []),
    'In brackets: 95 % of resamples of the queries.',
    '',
    table(
      ['model', 'catalog', 'ranking', ...columns],
      runs.map(({ model, gallery, setting, ranking, metrics }) => [
        model,
        gallery,
        `${setting}${ranking ? ` (weight ${ranking.color.weight}, ${ranking.search})` : ''}`,
        ...columns.map((name) => cell(metrics[name])),
      ]),
    ),
    '',
    'Bands, as in the app: of first results in the band, how many were the right product; of queries for a product that is not in the catalog, how many met the band.',
    '',
    table(
      ['model', 'catalog', 'band', 'firsts', 'right', 'results', 'right', 'not in the catalog'],
      runs
        .filter(({ bands }) => bands.length > 0)
        .flatMap(({ model, gallery, bands, heldOut }) =>
          bands.map((record, i) => [
            model,
            gallery,
            record.band,
            String(record.firsts),
            percent(record.firstsRight, record.firsts),
            String(record.results),
            percent(record.right, record.results),
            percent(
              heldOut[i]?.firsts ?? 0,
              heldOut.reduce((sum, { firsts }) => sum + firsts, 0),
            ),
          ]),
        ),
    ),
    '',
    ...runs.flatMap(({ model, gallery, presence }) =>
      presence ? [`${model}, ${gallery}: ${presenceLine(presence)}`, ''] : [],
    ),
    ...(first
      ? [
          `By category (${first.model}, ${first.setting}):`,
          '',
          table(
            ['category', 'queries', ...columns],
            Object.entries(first.perCategory)
              .sort(([a], [b]) => a.localeCompare(b))
              .map(([category, metrics]) => [
                category,
                String(metrics['R@1']?.queries ?? metrics['cat@1']?.queries ?? 0),
                ...columns.map((name) => metrics[name]?.value.toFixed(2) ?? ''),
              ]),
          ),
        ]
      : []),
    '',
  ].join('\n');
}

function leftOutLines(leftOut: readonly string[]): string[] {
  const more = leftOut.length - MOST_LEFT_OUT;
  return [
    `Left out, ${leftOut.length}:`,
    '',
    ...leftOut.slice(0, MOST_LEFT_OUT).map((each) => `- ${each}`),
    ...(more > 0 ? [`- and ${more} more (report.json names all)`] : []),
  ];
}

export function table(header: string[], rows: string[][]): string {
  const lines = [header, header.map(() => '---'), ...rows];
  return lines
    .map((cells) => `| ${cells.map((text) => text.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n');
}

function cell(metric: Metric | undefined): string {
  return metric ? `${metric.value.toFixed(3)} (${metric.low.toFixed(2)}-${metric.high.toFixed(2)})` : '';
}

export function percent(part: number, whole: number): string {
  return whole === 0 ? '' : `${Math.round((100 * part) / whole)} %`;
}

function presenceLine({ areaUnderCurve, same, noMatch }: Presence): string {
  const whole = `${same.right} of ${same.all} called the same are right (${same.low.toFixed(2)}-${same.high.toFixed(2)})`;
  const shares = `${percent(noMatch.absent, 1)} of absent, ${percent(noMatch.first, 1)} of those found first, ${percent(noMatch.presentNotFirst, 1)} of those present and not first`;
  return `absent against found first, AUC ${areaUnderCurve?.toFixed(2) ?? '-'}; ${whole}; "no good match" is said of ${shares}.`;
}
