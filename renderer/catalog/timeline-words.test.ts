import { expect, test } from 'vitest';
import { deltas, sourcesGone, timeline } from './timeline-words.ts';

function snapshot(version: number, products: number, live = false, replaced: number | null = null) {
  const times = { publishedAt: '2026-03-01T12:00:00Z', seconds: 1 };
  return {
    version,
    name: 'Autumn',
    source: 'x',
    modelId: 'm',
    products,
    images: products * 2,
    live,
    damaged: false,
    replaced,
    ...times,
  };
}

test('each is compared with the live one, the older first, and the live one with its predecessor', () => {
  const entries = timeline([snapshot(9, 30), snapshot(7, 20, true), snapshot(4, 10)]);
  expect(entries.map(({ comparison }) => comparison)).toEqual([
    { from: 7, to: 9 },
    { from: 4, to: 7 },
    { from: 4, to: 7 },
  ]);
});

test('the only one has nothing to be compared with', () => {
  expect(timeline([snapshot(1, 10, true)])[0]).toMatchObject({ before: null, comparison: null });
});

test('after going back, what is published next is compared with what it replaced', () => {
  const entries = timeline([
    snapshot(9, 12, true, 4),
    snapshot(7, 20, false, 4),
    snapshot(4, 10, false, 2),
    snapshot(3, 8),
  ]);
  expect(entries.map(deltas).map(({ products }) => products)).toEqual(['+2', '+10', '', '']);
  expect(entries[0]).toMatchObject({ branched: true, comparison: { from: 4, to: 9 } });
  expect(entries[1]).toMatchObject({ branched: false });
  // The snapshot that it replaced is no longer kept, so there are no differences to show.
  expect(entries[2]).toMatchObject({ branched: true, before: null });
});

test('a delta is against the one before, whichever is live', () => {
  const words = timeline([snapshot(3, 10, true), snapshot(2, 10), snapshot(1, 12)]).map(deltas);
  expect(words).toEqual([
    { products: '', images: '' },
    { products: '−2', images: '−4' },
    { products: '', images: '' },
  ]);
});

test('a snapshot says which sources went with it', () => {
  const shop = { id: 'shop', name: 'Shop', ref: 'x', sample: false, products: 8, images: 8, version: 2 };
  const sample = { ...shop, id: '', name: 'Sample catalog', sample: true };
  const both = { ...snapshot(3, 10, false, 2), sources: [shop, sample] };
  const [first, second] = timeline([{ ...snapshot(5, 8, true, 3), sources: [shop] }, both]);
  expect(first && sourcesGone(first)).toEqual(['Sample catalog']);
  expect(second && sourcesGone(second)).toEqual([]);
});
