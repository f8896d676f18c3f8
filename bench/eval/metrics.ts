import { seeded } from '../random.ts';

/** The result of one query. */
export interface Outcome {
  /** Whether the catalog has a right product. */
  inCatalog: boolean;
  /** The right product's rank, from 1; null when it was not found. */
  rank: number | null;
  /** Whether each of the first five has the query's category; null when the query has none. */
  categories: boolean[] | null;
  colors: boolean[] | null;
}

export type MetricName = 'R@1' | 'R@5' | 'R@10' | 'MRR' | 'nDCG@10' | 'cat@1' | 'cat P@5' | 'color P@5';

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
  'nDCG@10': ({ inCatalog, rank }) => (inCatalog ? discounted(rank ?? Infinity) : null),
  'cat@1': ({ categories }) => (categories ? Number(categories[0] ?? false) : null),
  'cat P@5': ({ categories }) => share(categories),
  'color P@5': ({ colors }) => share(colors),
};

const recall = ({ inCatalog, rank }: Outcome, depth: number) =>
  inCatalog ? Number((rank ?? Infinity) <= depth) : null;

const discounted = (rank: number) => (rank <= 10 ? 1 / Math.log2(rank + 1) : 0);

export const INSTANCE: readonly MetricName[] = ['R@1', 'R@5', 'R@10', 'MRR', 'nDCG@10'];
export const LABELS: readonly MetricName[] = ['cat@1', 'cat P@5', 'color P@5'];

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
