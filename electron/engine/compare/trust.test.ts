import { readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sharedSentence } from '../../sentences/speaker.ts';
import { openTestEngine, range, temporaryFolder } from '../test-catalog.ts';
import { VERSION } from './entries.ts';
import { candidateOf, hashOf, type RowOf, writeDocument } from './test-document.ts';
import { shareOf } from './trust.ts';

/** Wilson's interval of 58 of 60, as statistics programs give it. */
test('a share has the interval that the true one lies in', () => {
  const { low, high } = shareOf(58, 60);
  expect([low, high].map((each) => each.toFixed(4))).toEqual(['0.8864', '0.9908']);
  expect(shareOf(35, 35).low).toBeGreaterThan(0.9);
  expect(shareOf(34, 34).low).toBeLessThan(0.9);
  expect(shareOf(0, 0)).toEqual({ count: 0, of: 0, low: 0, high: 1 });
});

test('a band is accepted in bulk once enough of it is checked, and a sample says how much of that is wrong', {
  timeout: 60_000,
}, async () => {
  const dataDir = await temporaryFolder();
  // 300 rows of a band, 40 of another, two that wait.
  const rows: RowOf[] = [...range(300).map(() => 'close' as const), ...range(40).map(() => 'other' as const)];
  const id = await writeDocument(dataDir, 'one', [...rows, null, null]);
  const { comparisons } = await openTestEngine(dataDir);
  const decide = (row: number, match: 'same' | 'equivalent' | 'none' | 'unsure', product?: string) =>
    comparisons.decide({ id, rows: [row], match, ...(product && { product }) });
  const closeBand = async () => {
    const { bands } = await comparisons.trust(id);
    return bands.find(({ band }) => band === 'close');
  };

  // Several at once are no checks. What waits is left out, and the answer has so many rows only.
  const bulk = await comparisons.decide({ id, rows: range(342).map((n) => n + 1), match: 'same' });
  expect(bulk).toMatchObject({ rows: { length: 200 }, changed: { length: 340 }, counts: { inBulk: 340 } });
  expect(bulk.rows[0]?.decision).toMatchObject({ match: 'same', inBulk: true });
  expect(await closeBand()).toMatchObject({ rows: 300, undecided: 0, right: { same: { of: 0 } } });
  expect(await comparisons.undo(id)).toMatchObject({ rows: { length: 200 }, changed: { length: 340 } });

  const toCheck = (await closeBand())?.toCheck ?? [];
  expect(toCheck).toHaveLength(35);
  const [none = 0, other = 0, equivalent = 0, unsure = 0, refused = 0, ...right] = toCheck;
  await decide(none, 'none');
  await decide(other, 'same', candidateOf(other, 2));
  await decide(equivalent, 'equivalent');
  await decide(unsure, 'unsure');
  const rejection = { id, row: refused, products: [candidateOf(refused, 1)], rejected: true };
  await comparisons.reject({ ...rejection, everywhere: false });
  for (const row of right) await decide(row, 'same');
  expect(await closeBand()).toMatchObject({
    undecided: 265,
    unsure: 1,
    right: { same: { count: 30, of: 34 }, equivalent: { count: 31, of: 34 } },
    toCheck: { length: 1 },
  });
  const refusal = comparisons.acceptBand({ id, band: 'close', as: 'same' });
  await expect(refusal).rejects.toMatchObject({
    code: 'COMPARISON_BAND_UNCHECKED',
    fault: { params: { checked: 34, enough: 35 } },
  });
  expect(sharedSentence({ code: 'COMPARISON_BAND_UNCHECKED', params: { checked: 34, enough: 35 } })).toMatch(
    /Decide 1 more/,
  );
  await decide((await closeBand())?.toCheck[0] ?? 0, 'same');

  const { acceptance, change } = await comparisons.acceptBand({ id, band: 'close', as: 'same' });
  expect(change).toMatchObject({ rows: { length: 200 }, changed: { length: 264 }, counts: { inBulk: 264 } });
  expect(acceptance).toMatchObject({ rows: 264, unchecked: 264, wrong: { of: 0 }, toCheck: { length: 30 } });
  expect(change.changed).toEqual(expect.arrayContaining(acceptance?.sample ?? [0]));
  // Nothing that was rejected or decided before is touched, and what is accepted does not measure itself.
  expect(change.changed.some((row) => toCheck.includes(row))).toBe(false);
  expect((await closeBand())?.right.same).toMatchObject({ count: 31, of: 35 });
  expect((await comparisons.acceptBand({ id, band: 'close', as: 'same' })).acceptance).toBeNull();
  expect((await comparisons.undo(id)).counts).toMatchObject({ inBulk: 0 });
  expect((await comparisons.trust(id)).acceptances).toEqual([]);
  await comparisons.redo(id);

  const [wrong = 0, better = 0, open = 0, doubtful = 0, ...good] = acceptance?.sample ?? [];
  for (const row of good) await decide(row, 'same');
  await decide(wrong, 'none');
  await decide(better, 'same', candidateOf(better, 3));
  await decide(doubtful, 'unsure');
  const { acceptances } = await comparisons.trust(id);
  expect(acceptances).toMatchObject([
    { rows: 264, unchecked: 235, toCheck: [open], unsure: 1, wrong: { count: 2, of: 28 } },
  ]);
  const { rows: corrected } = await comparisons.rows({ id, rows: [wrong] });
  expect(corrected[0]?.decision).toMatchObject({ match: 'none' });
  expect(corrected[0]?.decision).not.toHaveProperty('inBulk');
  // To decide again what is decided so is no step, as when a call is asked twice.
  const { changedAt } = (await comparisons.state(id)).comparison;
  await decide(wrong, 'none');
  expect((await comparisons.state(id)).comparison.changedAt).toBe(changedAt);

  const exported = async (format: 'csv' | 'json' | 'html') => {
    const path = join(dataDir, `report.${format}`);
    await comparisons.export({ id, path, format, filters: {} });
    return readFile(path, 'utf8');
  };
  expect((await exported('csv')).match(/,yes,\r\n/g)).toHaveLength(235);
  expect(JSON.parse(await exported('json')).trust.acceptances).toEqual(acceptances);
  const report = await exported('html');
  expect(report).toMatch(/264 accepted in bulk as same, 235 of them unchecked.*2 of 28/s);
  expect(report).toMatch(/<dt>Ours · very close, similarity 0\.90/);
  expect(report).toMatch(/Decided by a person one by one: [1-9]\d*\. Decided in bulk: 235\./);
  const { rows: inBulk } = await comparisons.order({ id, filters: { inBulk: true }, sort: 'row' });
  expect(inBulk).toHaveLength(235);
});

test('a pair that is no match anywhere is offered in no comparison, is listed, and can be taken back', {
  timeout: 60_000,
}, async () => {
  const dataDir = await temporaryFolder();
  const one = await writeDocument(dataDir, 'one', ['close', 'close']);
  const two = await writeDocument(dataDir, 'two', ['close', 'close']);
  const { comparisons } = await openTestEngine(dataDir);
  const first = candidateOf(1, 1);
  const offered = async (id: string) =>
    (await comparisons.rows({ id, rows: [1] })).rows[0]?.candidates.map(({ uid }) => uid) ?? [];
  const reject = (rejected: boolean, everywhere: boolean) =>
    comparisons.reject({ id: one, row: 1, products: [first], rejected, everywhere });

  expect((await reject(true, true)).rows[0]?.rejected).toMatchObject([{ uid: first, everywhere: true }]);
  expect(await offered(two)).toEqual([candidateOf(1, 2), candidateOf(1, 3)]);
  expect(await comparisons.rejectedPairs()).toMatchObject([
    { picture: hashOf(1), product: { uid: first }, name: '1.jpg', comparison: one, row: 1 },
  ]);
  await comparisons.undo(one);
  expect(await offered(two)).toContain(first);
  await comparisons.redo(one);
  // A decision without a product takes the first that is offered.
  const { rows } = await comparisons.decide({ id: two, rows: [1], match: 'same' });
  expect(rows[0]?.decision?.product?.uid).toBe(candidateOf(1, 2));
  await comparisons.forgetRejectedPairs({ pairs: [{ picture: hashOf(1), product: first }] });
  expect(await comparisons.rejectedPairs()).toEqual([]);
  expect([await offered(one), await offered(two)].flat().filter((uid) => uid === first)).toHaveLength(2);

  // In this comparison alone, then everywhere, then nowhere.
  await reject(true, false);
  expect(await offered(two)).toContain(first);
  expect((await reject(true, true)).rows[0]?.rejected).toHaveLength(1);
  const { rows: withRejected } = await comparisons.order({
    id: two,
    filters: { rejected: true },
    sort: 'row',
  });
  expect(withRejected).toEqual([1]);
  expect((await reject(false, false)).rows[0]).not.toHaveProperty('rejected');
  expect(await offered(two)).toContain(first);

  // A damaged file is said, and what it held is offered again.
  await reject(true, true);
  const name = `rejected-pairs/${hashOf(1)}.json`;
  await writeFile(join(dataDir, name), '[{');
  await utimes(join(dataDir, 'rejected-pairs'), new Date(), new Date(0));
  expect(await offered(two)).toContain(first);
  expect(await comparisons.check()).toEqual([{ path: name, how: 'unreadable' }]);
});

test('a document of version 1 becomes one of today when it is written, and its bulk decisions are known as such', {
  timeout: 60_000,
}, async () => {
  const dataDir = await temporaryFolder();
  const choice = { match: 'none' as const, product: null, picture: null };
  const at = '2026-11-30T10:00:00.000Z';
  const more = [
    { kind: 'step' as const, at, decisions: [{ row: 1, choice }] },
    { kind: 'step' as const, at, decisions: [2, 3].map((row) => ({ row, choice })) },
  ];
  const id = await writeDocument(dataDir, 'old', ['close', 'close', 'close'], { version: 1, more });
  const { comparisons } = await openTestEngine(dataDir);
  const journal = () => readFile(join(dataDir, 'comparisons', id, 'journal.jsonl'), 'utf8');
  expect((await comparisons.state(id)).comparison.counts).toMatchObject({ inBulk: 2, undecided: 0 });
  expect(await journal()).toContain('"version":1');
  await comparisons.decide({ id, rows: [2], match: 'same' });
  expect(await journal()).toContain(`"version":${VERSION}`);
  expect((await comparisons.state(id)).comparison.counts).toMatchObject({ inBulk: 1 });
  expect((await comparisons.undo(id)).rows[0]?.decision).toMatchObject({ match: 'none', inBulk: true });
});
