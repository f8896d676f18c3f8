import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { writeJournal } from '../files/journal.ts';
import { range, temporaryFolder } from '../test-catalog.ts';
import { Feedback, type NewFeedback } from './feedback.ts';

const MODEL = { id: 'test', dim: 4, weights: 'w' };
const FILE = 'feedback-test.jsonl';
const photo = (n: number) => n.toString(16).padStart(32, '0');
const sameOnly = async (one: string, other: string) => one === other;

function said(n: number, product: string | null, more: Partial<NewFeedback> = {}): NewFeedback {
  return {
    photo: photo(n),
    product,
    by: 'said',
    shown: { rank: 1, band: 'close', probability: 0.5 },
    features: {
      vector: Float32Array.of(0.5, -0.5, 0.5, n / 1000),
      colors: { picture: Uint8Array.of(1, 2, 3), subject: null },
    },
    ...more,
  };
}

async function openFeedback(folder: string, model = MODEL): Promise<Feedback> {
  const feedback = await Feedback.open(folder, model);
  onTestFinished(() => feedback.close());
  return feedback;
}

const products = (feedback: Feedback) => feedback.all.map(({ product }) => product);

test('what was said is there after a restart, the last of each photo, without what was taken back', async () => {
  const folder = await temporaryFolder();
  const feedback = await openFeedback(folder);
  await feedback.note(said(1, 'shop/a'), sameOnly);
  await feedback.note(said(2, null), sameOnly);
  const wrong = await feedback.note(said(3, 'shop/c'), sameOnly);
  await feedback.note(said(1, 'shop/b'), sameOnly);
  expect(await feedback.takeBack(wrong?.id ?? '')).toBe(true);
  expect(await feedback.takeBack('unknown')).toBe(false);
  await feedback.keepWorth({ of: 'v1', given: 2, counts: true, color: 0.4, odds: -0.2 });

  const next = await openFeedback(folder);
  expect(next.fault).toBeNull();
  expect(products(next)).toEqual([null, 'shop/b']);
  expect(next.of(photo(1))).toMatchObject({ by: 'said', shown: { rank: 1, band: 'close' } });
  expect(next.of(photo(1))?.features?.vector).toEqual(Float32Array.of(0.5, -0.5, 0.5, 1 / 1000));
  expect(next.of(photo(1))?.features?.colors.picture).toEqual(Uint8Array.of(1, 2, 3));
  expect(next.worth).toMatchObject({ counts: true, color: 0.4 });

  // What another process has forgotten is gone here too, and what it said is known.
  await next.forget();
  await next.note(said(9, 'shop/z'), sameOnly);
  await feedback.note(said(10, 'shop/y'), sameOnly);
  expect(products(feedback)).toEqual(['shop/z', 'shop/y']);
});

test('a copied SKU is less sure than what was said, and several of one photo say nothing', async () => {
  const feedback = await openFeedback(await temporaryFolder());
  const copied = (n: number, product: string) => feedback.note(said(n, product, { by: 'copied' }), sameOnly);
  await feedback.note(said(1, 'a'), sameOnly);
  expect(await copied(1, 'b')).toBeNull();
  expect(await copied(2, 'a')).toMatchObject({ product: 'a', by: 'copied' });
  expect(await copied(2, 'a')).toMatchObject({ product: 'a' });
  expect(await copied(2, 'b')).toBeNull();
  expect(await copied(2, 'a')).toBeNull();
  expect(products(feedback)).toEqual(['a']);
  // Whoever says it, means it.
  expect(await feedback.note(said(2, 'b'), sameOnly)).toMatchObject({ product: 'b', by: 'said' });
});

test('a damaged line costs that line only, and is said; a file that is none of ours is set aside', async () => {
  const folder = await temporaryFolder();
  const path = join(folder, FILE);
  const feedback = await openFeedback(folder);
  for (const n of range(3)) await feedback.note(said(n, `p${n}`), sameOnly);
  const [first = '', second = '', third = ''] = (await readFile(path, 'utf8')).split('\n');

  await writeFile(path, `${first}\n${second.replace('p1', 'p7')}\n${third}\n`);
  const mended = await openFeedback(folder);
  expect(products(mended)).toEqual(['p0', 'p2']);
  expect(mended.fault).toMatchObject({ code: 'FILE_DAMAGED', params: { file: FILE, of: 'feedback' } });
  const kept = (await readdir(folder)).filter((name) => name.endsWith('.damaged'));
  expect(mended.fault).toMatchObject({ params: { kept: kept[0] } });
  expect((await openFeedback(folder)).fault).toBeNull();

  // A kill while it was written, of which nobody was told that it is kept.
  await writeFile(path, `${first}\n${third.slice(0, 40)}`);
  const cut = await openFeedback(folder);
  expect(cut.fault).toBeNull();
  await cut.note(said(5, 'p5'), sameOnly);
  expect(products(await openFeedback(folder))).toEqual(['p0', 'p5']);

  await writeFile(path, Buffer.alloc(5000, 0xfe));
  const anew = await openFeedback(folder);
  expect(anew.fault).toMatchObject({ params: { kept: `${FILE}.damaged` } });
  await anew.note(said(6, 'p6'), sameOnly);
  expect(products(await openFeedback(folder))).toEqual(['p6']);
  // Damaged files have what was said, too.
  await anew.forget();
  expect(await readdir(folder)).toEqual([FILE]);
  expect(anew.fault).toBeNull();
});

test('the file stays bounded, and features of other weights are not used', async () => {
  const folder = await temporaryFolder();
  const feedback = await openFeedback(folder);
  for (const n of range(450)) await feedback.note(said(n % 3, `p${n}`), sameOnly);
  const lines = (await readFile(join(folder, FILE), 'utf8')).split('\n').length;
  expect(lines).toBeLessThan(260);
  expect(products(await openFeedback(folder))).toEqual(['p447', 'p448', 'p449']);

  // Of the oldest, only the facts are kept.
  const [last] = feedback.entries();
  const many = range(1300).map((n) => ({ ...last, id: `${n}`, photo: photo(1000 + n), product: `q${n}` }));
  await writeJournal(join(folder, FILE), many);
  const full = await openFeedback(folder);
  await full.note(said(1, 'p1'), sameOnly);
  expect(full.all).toHaveLength(1301);
  expect(full.all.filter(({ features }) => features)).toHaveLength(1000);
  expect(full.all.at(-1)?.features).not.toBeNull();
  await full.forget();
  for (const n of range(3)) await full.note(said(n, `p${n}`), sameOnly);

  const other = await openFeedback(folder, { ...MODEL, weights: 'others' });
  expect(products(other)).toHaveLength(3);
  expect(other.all.map(({ features }) => features)).toEqual([null, null, null]);
});
