import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Engine } from '../engine.ts';
import { loadSharp } from '../images/sharp-build.ts';
import {
  drawPicture,
  importedCatalog,
  openTestEngine,
  range,
  runImport,
  writeFeed,
} from '../test-catalog.ts';
import { Calibration, chooseWeight } from './calibration.ts';
import type { Evidence } from './color.ts';
import type { HeldOutQuery, Trial } from './trials.ts';

const many = <T>(make: (i: number) => T, count = 60) => range(count).map(make);

/** The right product is the second in visual similarity; its colour is the query's, the others' is not. */
const colorDecides = (): Trial => ({
  evidence: [seen(3, -1), seen(2.6, 2), seen(2.4, -1)],
  own: 1,
  votes: 1,
});
/** The right product is the first in visual similarity; another has more of the query's colour. */
const colorMisleads = (): Trial => ({ evidence: [seen(3, 0), seen(2.6, 2)], own: 0, votes: 1 });
/** The visually nearest is of its category, the nearest in colour of another; the votes are even. */
const torn = (): HeldOutQuery => ({
  category: 'a',
  nearest: 0.9,
  evidence: [seen(3, 0, 'a'), seen(2.99, 2.5, 'b'), ...many(() => seen(-2, 0, 'b'), 4)],
});

function seen(visual: number, color: number, category: string | null = null): Evidence {
  return { visual, color, category };
}

/** All near it are of its category. */
const settled = (): HeldOutQuery => ({
  category: 'a',
  nearest: 0.9,
  evidence: many(() => seen(1, 0, 'a'), 6),
});

test('where colour finds the right product it counts, and where it misleads it does not', () => {
  expect(chooseWeight(many(colorDecides), many(settled), 0.1).weight).toBeGreaterThan(0.1);
  expect(chooseWeight(many(colorMisleads), [], 0.5).weight).toBeLessThan(0.3);
});

test('colour that finds products at the cost of their categories does not count', () => {
  expect(chooseWeight(many(colorDecides), many(torn), 0.5)).toEqual({ weight: 0, from: 'calibrated' });
});

test('without categories nothing shows what colour costs: it counts as usual at most', () => {
  expect(chooseWeight(many(colorDecides), [], 0.1)).toEqual({ weight: 0.1, from: 'calibrated' });
});

test('with nothing to tell the weights apart, the usual one stays; with too few trials it is the default', () => {
  const easy = (): Trial => ({ evidence: [seen(5, 2), seen(0, 0)], own: 0, votes: 1 });
  expect(chooseWeight(many(easy), [], 0.3)).toEqual({ weight: 0.3, from: 'calibrated' });
  expect(chooseWeight(many(colorMisleads, 5), [], 0.3)).toEqual({ weight: 0.3, from: 'default' });
});

test('a photo is as familiar as the catalog has pictures that are less like it; unknown until measured', () => {
  const scales = {
    visual: { mean: 0.5, deviation: 0.1 },
    color: { mean: 0.4, deviation: 0.2 },
    subject: { mean: 0, deviation: 1 },
  };
  const color = { weight: 0.5, from: 'calibrated' } as const;
  const measured = new Calibration({ scales, color, nearest: range(100).map((i) => 0.99 - i / 200) });
  expect(measured.familiarity(0.3)).toBe(0);
  expect(measured.familiarity(0.7425)).toBe(0.5);
  expect(measured.familiarity(1)).toBe(1);
  expect(new Calibration({ scales, color }).familiarity(0.9)).toBeNull();
});

test('the usual weight is that of most products, not of the first', () => {
  const scales = {
    visual: { mean: 0.5, deviation: 0.1 },
    color: { mean: 0.4, deviation: 0.2 },
    subject: { mean: 0, deviation: 1 },
  };
  const image = (category: string | null) => {
    const [vector, colorSignature] = [new Float32Array(4), new Uint8Array(4)];
    return { uid: 'p', styleId: 'p', imageHash: 'h', category, vector, colorSignature, subjectColors: null };
  };
  const weightOf = (...categories: (string | null)[]) =>
    Calibration.usual(categories.map(image), scales).color.weight;
  expect(weightOf(null, 'dress', 'dress')).toBe(0.5);
  expect(weightOf('dress', null, null)).toBeCloseTo(1 / 3);
});

const shop = (count: number) =>
  range(count).map((i) => ({ id: `p${i}`, title: `Product ${i}`, images: [`${i}.png`, `${i + 40}.png`] }));

test('a catalog is measured in the background, the answer says so, and the next engine knows it at once', async () => {
  const { engine, dataDir, folder } = await importedCatalog(shop(40), range(80));
  const query = { kind: 'photo', photo: { bytes: await drawPicture(3) } } as const;
  expect((await engine.search({ query })).ranking.color.from).toBe('default');
  await engine.calibrate();
  const measured = (await engine.search({ query })).ranking.color;
  expect(measured.from).toBe('calibrated');
  expect((await engine.search({ query, colorWeight: 0.9 })).ranking.color).toMatchObject({
    weight: 0.9,
    from: 'chosen',
  });

  await checkCloserLook(engine);

  // A blank photo has a nearest picture too, and is nothing like it.
  const blank = await (await loadSharp())({
    create: { width: 200, height: 200, channels: 3, background: '#fff' },
  })
    .png()
    .toBuffer();
  const nothing = await engine.search({ query: { kind: 'photo', photo: { bytes: Uint8Array.from(blank) } } });
  expect(nothing.results.every(({ band }) => band === 'other')).toBe(true);
  expect(nothing.ranking.probability).toBe(0);

  // A price that changes is another snapshot, but the same pictures.
  const again = shop(40).map((product) => ({ ...product, price: 5 }));
  await runImport(engine, await writeFeed(folder, again));
  const other = await openTestEngine(dataDir);
  expect((await other.search({ query })).ranking.color).toEqual(measured);

  // A store that gets the catalog as a pack measures nothing.
  const path = join(folder, 'shop.lookalike-pack');
  await toEnd(engine.publisher.exportPack({ path }, never));
  const store = await openTestEngine(join(folder, 'store'));
  await toEnd(store.publisher.sync({ source: { kind: 'file', path } }, never));
  const { ranking } = await store.search({
    query: { kind: 'photo', photo: { bytes: await photographed() } },
  });
  expect(ranking.color).toEqual(measured);
  expect(ranking.photoShift).toBeGreaterThan(0);

  // What an earlier release measured is used at once, and then measured anew.
  await asMethod9(join(folder, 'store'));
  const later = await openTestEngine(join(folder, 'store'));
  const asked = async () =>
    (await later.search({ query: { kind: 'photo', photo: { bytes: await photographed() } } })).ranking;
  expect(await asked()).toMatchObject({ color: measured, photoShift: 0 });
  await later.calibrate();
  expect((await asked()).photoShift).toBeCloseTo(ranking.photoShift, 2);
});

/** A picture of a product before other things, dark and yellow. */
async function photographed(): Promise<Uint8Array<ArrayBuffer>> {
  const sharp = await loadSharp();
  const product = await sharp(await drawPicture(3))
    .resize(120, 120)
    .png()
    .toBuffer();
  const scene = await sharp(await drawPicture(17))
    .resize(320, 320)
    .composite([{ input: product }])
    .png()
    .toBuffer();
  const photo = sharp(scene).linear([0.8, 0.7, 0.5], [20, 20, 20]).blur(2).jpeg();
  return Uint8Array.from(await photo.toBuffer());
}

/** The kept calibration as method 9 wrote it. */
async function asMethod9(dataDir: string): Promise<void> {
  const [name = ''] = (await readdir(dataDir)).filter((each) => each.startsWith('calibration-'));
  const path = join(dataDir, name);
  const { catalogs } = JSON.parse(await readFile(path, 'utf8'));
  const [{ shift: _, ...record }] = catalogs;
  await writeFile(path, JSON.stringify({ catalogs: [{ ...record, method: 9 }] }));
}

/**
 * A photo unlike all pictures is looked at closer, where the engine may choose its crop, and its middle says as much as all of it;
 * its scores are those of all of it.
 */
async function checkCloserLook(engine: Engine): Promise<void> {
  const ask = async (photo: Uint8Array<ArrayBuffer>, crop?: 'auto') => {
    const query = { kind: 'photo', photo: { bytes: photo }, ...(crop && { crop }) } as const;
    const { ranking, results } = await engine.search({ query, colorWeight: 0, limit: 40 });
    const scores = new Map(results.map(({ productId, score }) => [productId, score]));
    return { ...ranking, scores, nearest: Math.max(...scores.values()) };
  };
  const sharp = await loadSharp();
  const [dark, product] = [{ r: 20, g: 20, b: 20 }, await drawPicture(3)];
  const enlarged = (side: number) => sharp(product).resize(side, side, { kernel: 'nearest' });
  const scene = sharp({ create: { width: 320, height: 320, channels: 3, background: dark } });
  const framed = scene.composite([{ input: await enlarged(224).png().toBuffer() }]);
  const bytes = Uint8Array.from(await framed.png().toBuffer());
  const [whole, closer] = [await ask(bytes), await ask(bytes, 'auto')];
  expect([whole.closer, closer.closer, closer.crop]).toEqual([false, true, null]);
  for (const [id, score] of closer.scores) expect(score).toBeCloseTo(whole.scores.get(id) ?? 0, 5);
  expect([...closer.scores.keys()]).not.toEqual([...whole.scores.keys()]);

  const noise = Buffer.from(range(200 * 200 * 3).map((i) => Math.imul(i + 1, 2654435761) >>> 24));
  const hole = { input: noise, raw: { width: 200, height: 200, channels: 3 } } as const;
  const hollow = await enlarged(320).composite([hole]).png().toBuffer();
  const around = await ask(Uint8Array.from(hollow), 'auto');
  expect(around.nearest).toBeLessThan(closer.nearest);
  expect([around.closer, around.crop]).toEqual([false, null]);
  expect((await ask(product, 'auto')).closer).toBe(false);
}

const never = new AbortController().signal;

async function toEnd<T>(steps: AsyncGenerator<unknown, T>): Promise<T> {
  let step = await steps.next();
  while (!step.done) step = await steps.next();
  return step.value;
}
