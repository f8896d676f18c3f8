import { seeded } from '../random.ts';
import type { Level } from './labelled-set.ts';

/** Where the first right result is. */
export interface Found {
  /** Whether the catalog has a right product. */
  inCatalog: boolean;
  /** The rank of the first right product, from 1; null when none was found. */
  rank: number | null;
}

/** The result of one query. */
export interface Outcome extends Found, Record<Level, Found | null> {
  /** Whether each of the first five has the query's category; null when the query has none. */
  categories: boolean[] | null;
  colors: boolean[] | null;
}

export type MetricName =
  | 'R@1'
  | 'R@5'
  | 'R@10'
  | 'MRR'
  | 'nDCG@5'
  | 'nDCG@10'
  | 'style R@1'
  | 'style R@5'
  | 'group R@1'
  | 'group R@5'
  | 'cat@1'
  | 'cat P@5'
  | 'color@1'
  | 'color P@5';

/** A mean over queries, and the interval that contains 95 % of the resampled means. */
export interface Metric {
  value: number;
  low: number;
  high: number;
  queries: number;
}

const RESAMPLES = 1000;

/** Null when the metric does not apply to the query. */
const VALUES: Record<MetricName, (outcome: Outcome) => number | null> = {
  'R@1': (outcome) => recall(outcome, 1),
  'R@5': (outcome) => recall(outcome, 5),
  'R@10': (outcome) => recall(outcome, 10),
  MRR: ({ inCatalog, rank }) => (inCatalog ? 1 / (rank ?? Infinity) : null),
  // One product is right, so the ideal gain is 1.
  'nDCG@5': ({ inCatalog, rank }) => (inCatalog ? discounted(rank ?? Infinity, 5) : null),
  'nDCG@10': ({ inCatalog, rank }) => (inCatalog ? discounted(rank ?? Infinity, 10) : null),
  'style R@1': ({ style }) => style && recall(style, 1),
  'style R@5': ({ style }) => style && recall(style, 5),
  'group R@1': ({ group }) => group && recall(group, 1),
  'group R@5': ({ group }) => group && recall(group, 5),
  'cat@1': ({ categories }) => (categories ? Number(categories[0] ?? false) : null),
  'cat P@5': ({ categories }) => share(categories),
  'color@1': ({ colors }) => (colors ? Number(colors[0] ?? false) : null),
  'color P@5': ({ colors }) => share(colors),
};

const recall = ({ inCatalog, rank }: Found, depth: number) =>
  inCatalog ? Number((rank ?? Infinity) <= depth) : null;

const discounted = (rank: number, depth: number) => (rank <= depth ? 1 / Math.log2(rank + 1) : 0);

export const INSTANCE: readonly MetricName[] = [
  'R@1',
  'R@5',
  'R@10',
  'MRR',
  'nDCG@5',
  'nDCG@10',
  'style R@1',
  'style R@5',
  'group R@1',
  'group R@5',
];
export const LABELS: readonly MetricName[] = ['cat@1', 'cat P@5', 'color@1', 'color P@5'];

export function measure(
  outcomes: readonly Outcome[],
  names: readonly MetricName[],
): Partial<Record<MetricName, Metric>> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const values = outcomes.map(VALUES[name]).filter((value) => value !== null);
      return values.length === 0 ? [] : [[name, bootstrap(values)]];
    }),
  );
}

/** The percentile bootstrap (Efron 1979), with the same resamples each time. */
export function bootstrap(values: readonly number[]): Metric {
  const random = seeded(1);
  const means = Array.from({ length: RESAMPLES }, () => {
    let sum = 0;
    for (let i = 0; i < values.length; i++) sum += values[Math.floor(random() * values.length)] ?? 0;
    return sum / values.length;
  }).sort((a, b) => a - b);
  const value = values.reduce((sum, each) => sum + each, 0) / values.length;
  const at = (part: number) => means[Math.floor(part * (RESAMPLES - 1))] ?? value;
  return { value, low: at(0.025), high: at(0.975), queries: values.length };
}

function share(hits: boolean[] | null): number | null {
  return hits ? hits.filter(Boolean).length / 5 : null;
}

/** The area under the ROC curve: how often one of the first has more than one of the others, ties counting half. */
export function areaUnderCurve(more: readonly number[], less: readonly number[]): number | null {
  if (more.length === 0 || less.length === 0) return null;
  let above = 0;
  for (const one of more) for (const other of less) above += one > other ? 1 : one === other ? 0.5 : 0;
  return above / (more.length * less.length);
}
