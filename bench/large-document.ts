import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Document } from '../electron/engine/compare/document.ts';
import type { Entry, KeptProduct } from '../electron/engine/compare/entries.ts';
import { orderOf, shownRow } from '../electron/engine/compare/rows.ts';
import { type Figure, median } from './figures.ts';
import { seeded } from './random.ts';

/** The document that must open in a second. */
export const LARGE = { rows: 5000, products: 10_000, candidates: 12 } as const;

/** A document of 5,000 rows, opened until its order and first page are there. */
export async function measureLarge(scratch: string): Promise<Figure[]> {
  const folder = join(scratch, 'large');
  const document = await Document.create(folder, async () => largeEntries());
  await document.close();
  const times: number[] = [];
  for (let n = 0; n < 5; n++) {
    const began = performance.now();
    const { state } = await Document.open(folder);
    const { rows } = orderOf(state, {}, 'leastSure', null);
    for (const number of rows.slice(0, 60)) {
      const row = state.rows.get(number);
      if (row) shownRow(row, state);
    }
    times.push(performance.now() - began);
  }
  const megabytes = (await stat(join(folder, 'journal.jsonl'))).size / 1e6;
  return [
    { name: `open ${LARGE.rows} rows`, value: median(times), unit: 'ms', target: { atMost: 1000 } },
    { name: '  its journal', value: megabytes, unit: 'MB' },
  ];
}

function largeEntries(): Entry[] {
  const random = seeded(3);
  const at = new Date(0).toISOString();
  const begin: Entry = {
    kind: 'begin',
    version: 1,
    name: 'Large',
    competitor: null,
    createdAt: at,
    sources: [],
  };
  const products = Array.from(
    { length: LARGE.products },
    (_, n): Entry => ({ kind: 'product', product: productOf(n) }),
  );
  const rows = Array.from({ length: LARGE.rows }, (_, n): Entry[] => {
    const candidates = Array.from({ length: LARGE.candidates }, () => {
      const product = Math.floor(random() * LARGE.products);
      return [`shop/p${product}`, hashOf(product), random(), 'similar'] as [
        string,
        string,
        number,
        'similar',
      ];
    });
    const picture = {
      ...{ hash: hashOf(n), width: 800, height: 1000, type: 'image/jpeg' },
      ...{ thumbnail: [0, 1] as [number, number], large: [0, 1] as [number, number] },
      features: [0, 1] as [number, number],
    };
    const row = n + 1;
    return [
      { kind: 'row', row, source: 0, at: `harrow/${n}.jpg` },
      { kind: 'compared', row, picture, answer: { candidates, probability: random(), crop: null }, at },
    ];
  });
  return [begin, ...products, ...rows.flat()];
}

export const hashOf = (n: number): string => n.toString(16).padStart(64, '0');

export function productOf(n: number): KeptProduct {
  return {
    ...{ uid: `shop/p${n}`, source: 'shop', styleId: `shop/s${n}`, styleSku: `4${n}`, productId: `p${n}` },
    ...{ sku: `4${n}-M`, title: `Breton tee number ${n} in organic cotton`, category: 'Tees', brand: 'Own' },
    ...{
      color: 'navy',
      price: 39.95,
      currency: 'EUR',
      availability: 'in stock',
      url: `https://shop.example/${n}`,
    },
  };
}
