import fc from 'fast-check';
import { expect, test } from 'vitest';
import { groupBy } from '../vectors/groups.ts';
import { loadVectors, select } from '../vectors/test-vectors.ts';
import { type RankedGroup, type RowSelection, rankGroups, type ShownPictures } from './ranking.ts';

const DIM = 4;
/** Few directions, so that many pictures are equally near. */
const vector = fc
  .array(fc.constantFrom(-1, 0, 0.5, 1), { minLength: DIM, maxLength: DIM })
  .filter((values) => values.some((value) => value !== 0))
  .map((values) => Float32Array.from(values, (value) => value / Math.hypot(...values)));

const catalog = fc.array(vector, { minLength: 1, maxLength: 12 }).chain((pictures) =>
  fc.record({
    pictures: fc.constant(pictures),
    query: vector,
    /** The pictures of each group's rows. Groups share pictures, and a group may show one twice. */
    groups: fc.array(fc.array(fc.nat(pictures.length - 1), { minLength: 1, maxLength: 4 }), {
      minLength: 1,
      maxLength: 40,
    }),
    limit: fc.integer({ min: 1, max: 45 }),
    passes: fc.infiniteStream(fc.boolean()),
    exclude: fc.option(fc.nat(39)),
  }),
);

/** Puts the rows into memory in another order than that of the groups. */
function show(groups: readonly (readonly number[])[], pictures: number): ShownPictures & { of: Uint32Array } {
  const all = groups.flatMap((its, group) => its.map((picture, n) => ({ group, picture, n })));
  const memory = [...all].sort((a, b) => a.n - b.n || b.group - a.group);
  const rows = Uint32Array.from(all, (row) => memory.indexOf(row));
  const of = Uint32Array.from(memory, ({ picture }) => picture);
  const groupOf = Uint32Array.from(memory, ({ group }) => group);
  const positions = groupBy(
    rows.map((row) => of[row] ?? 0),
    pictures,
  );
  return { rows, positions, groupOf, of };
}

function selectRows(
  { of }: { of: Uint32Array },
  passing: readonly boolean[],
  pictures: number,
): RowSelection {
  const shown = new Set([...of].filter((_, row) => passing[row]));
  return { pictures: select(pictures, (id) => shown.has(id)), passes: (row) => passing[row] === true };
}

test('finds just the groups that a plain loop over all rows finds, in that order', () => {
  fc.assert(
    fc.property(catalog, ({ pictures, query, groups, limit, passes, exclude }) => {
      const vectors = loadVectors(pictures);
      const shown = show(groups, pictures.length);
      const passing = Array.from(shown.rows, () => passes.next().value);
      const best = new Map<number, RankedGroup>();
      for (const row of shown.rows) {
        const group = shown.groupOf[row] ?? 0;
        if (!passing[row] || group === exclude) continue;
        const score = vectors.similarities(query, [shown.of[row] ?? 0])[0] ?? 0;
        if (score > (best.get(group)?.score ?? Number.NEGATIVE_INFINITY))
          best.set(group, { group, row, score });
      }
      const expected = [...best.values()].sort((a, b) => b.score - a.score || a.group - b.group);
      const selection = selectRows(shown, passing, pictures.length);
      expect(rankGroups(vectors, query, limit, shown, selection, exclude ?? undefined)).toEqual({
        groups: expected.slice(0, limit),
        search: 'exact',
      });
    }),
    { numRuns: 1000 },
  );
});

test('a picture that 100,000 products share brings only as many as are wanted, in the order of the feed', () => {
  const shared = Float32Array.of(1, 0, 0, 0);
  const others = [0.999, 0.9, 0.8].map((x) => Float32Array.of(x, Math.sqrt(1 - x * x), 0, 0));
  // Products 0 and 50,000 also have pictures of their own.
  const groups = Array.from({ length: 100_000 }, (_, n) => (n === 0 ? [1, 0] : n === 50_000 ? [0, 2] : [0]));
  groups.push([3]);
  const rows = Uint32Array.from({ length: groups.flat().length }, (_, row) => row);
  const of = Uint32Array.from(groups.flat());
  const groupOf = Uint32Array.from(groups.flatMap((its, group) => its.map(() => group)));
  const shown = { rows, positions: groupBy(of, 4), groupOf };
  let asked = 0;
  const passes = (row: number) => {
    asked++;
    return row >= 0;
  };
  const vectors = loadVectors([shared, ...others]);
  const near = rankGroups(vectors, shared, 60, shown, { pictures: select(4), passes }).groups;
  expect(near.map(({ group }) => group)).toEqual(Array.from({ length: 60 }, (_, n) => n));
  expect(asked).toBeLessThan(1000);
  // A nearer product comes before all of them.
  const [first, second] = rankGroups(vectors, others[2] ?? shared, 60, shown, {
    pictures: select(4),
    passes,
  }).groups;
  expect(first?.group).toBe(100_000);
  expect(second?.group).toBe(50_000);
});
