import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { parseHTML } from 'linkedom';
import { expect, test } from 'vitest';
import { openTestEngine, range, temporaryFolder } from '../test-catalog.ts';
import type { HandedBack } from './handed-back.ts';
import { candidateOf, writeDocument } from './test-document.ts';

/** Opens the page of a hand-off as a browser does, without its pictures' pixels. */
async function openPage(path: string, kept = new Map<string, string>()) {
  const { document, window, Event, HTMLInputElement } = parseHTML(await readFile(path, 'utf8'));
  const script = [...document.querySelectorAll('script')].at(-1)?.textContent ?? '';
  const policy = document.querySelector('meta[http-equiv]')?.getAttribute('content') ?? '';
  const saved: Blob[] = [];
  runInNewContext(script, {
    ...{ document, window, HTMLInputElement, Blob },
    URL: { createObjectURL: (blob: Blob) => `blob:${saved.push(blob)}` },
    localStorage: {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => kept.set(key, value),
    },
  });
  const words = (id: string) => document.getElementById(id)?.textContent ?? '';
  const pressed = (key: string, rest: object = {}) => {
    const event = new Event('keydown', { bubbles: true, cancelable: true });
    document.dispatchEvent(Object.assign(event, { key, ...rest }));
  };
  const press = (...keys: string[]) => {
    for (const key of keys) pressed(key);
  };
  const hold = (key: string) => pressed(key, { repeat: true });
  // A browser's own.
  const sheet = Object.assign(document.getElementById('keys') ?? {}, {
    open: false,
    showModal: () => {
      sheet.open = true;
    },
  });
  const save = async (): Promise<HandedBack> => {
    document.getElementById('save')?.dispatchEvent(new Event('click'));
    return JSON.parse((await saved.at(-1)?.text()) ?? '');
  };
  return { script, policy, kept, words, press, hold, sheet, save };
}

test('a colleague without the app decides a hand-off by the same keys, and the decisions are merged', {
  timeout: 60_000,
}, async () => {
  const dataDir = await temporaryFolder();
  const id = await writeDocument(dataDir, 'one', [...range(6).map(() => 'close' as const), null]);
  const { comparisons } = await openTestEngine(dataDir);
  const decide = (row: number, match: 'same' | 'none' | 'similar') =>
    comparisons.decide({ id, rows: [row], match });
  await comparisons.rename({ id, name: 'Spring </script> & co' });
  await decide(1, 'same');
  await decide(2, 'same');
  const path = join(dataDir, 'hand-off.html');
  // The keys are the person's own: D is Equivalent, and E does nothing.
  const keys = { equivalent: 'd' };
  expect(await comparisons.export({ id, path, format: 'handoff', filters: {}, keys })).toMatchObject({
    path,
  });

  const page = await openPage(path);
  // It can load nothing and runs no script but its own.
  expect(page.policy).toContain("default-src 'none'");
  expect(page.policy).toContain(createHash('sha256').update(page.script).digest('base64'));
  // It begins with the first row that is not decided; the one that waits is left out.
  expect(page.words('where')).toBe('3 of 6 · 2 decided');
  page.press('a', 'x', 'Backspace', 'y', 'Backspace', 'ArrowDown', 'e', 'D', '9', ' ');
  page.hold('a');
  expect([page.words('where'), page.words('said')]).toEqual(['6 of 6 · 5 decided', '5: unsure']);
  page.press('ArrowLeft', 'ArrowLeft', 'ArrowLeft', 'ArrowLeft', 'x', 'ArrowLeft', 'ArrowLeft', 's');
  expect(page.words('keys')).toMatch(/DEquivalent.*→Next picture.*YRedo/s);
  page.press('?', 'a');
  expect([page.sheet.open, page.words('where')]).toEqual([true, '2 of 6 · 5 decided']);
  // Closed and opened again, all of it is there, and it goes on where it was.
  const again = await openPage(path, page.kept);
  expect(again.words('where')).toBe('2 of 6 · 5 decided');
  const saved = await again.save();
  expect(saved.rows.sort((a, b) => a.row - b.row)).toMatchObject([
    { row: 1, match: 'similar', product: candidateOf(1, 1), before: { match: 'same' } },
    { row: 2, match: 'none', product: null, before: { match: 'same' } },
    { row: 3, match: 'same', product: candidateOf(3, 1), before: null },
    { row: 4, match: 'equivalent', product: candidateOf(4, 2), before: null },
    { row: 5, match: 'unsure', product: null },
  ]);

  // Here, meanwhile: row 2 was decided otherwise, and row 3 too. Row 1 is as it was handed off.
  await decide(2, 'similar');
  await decide(3, 'none');
  const back = join(dataDir, 'back.json');
  await writeFile(
    back,
    JSON.stringify({ ...saved, rows: [...saved.rows, { ...saved.rows[0], picture: 'f00' }] }),
  );
  const { signal } = new AbortController();
  const merged = await comparisons.merge({ id, path: back, replace: false }, signal);
  expect(merged).toMatchObject({
    merged: 3,
    conflicts: [
      { row: 2, here: 'similar', there: 'none', sku: '' },
      { row: 3, here: 'none', there: 'same', sku: 'SKU-p3-1' },
    ],
    unused: [{ line: 6, reason: 'row' }],
  });
  // Somebody decided each of them alone, so they are checks.
  const { bands } = await comparisons.trust(id);
  expect(bands[0]).toMatchObject({ unsure: 1, right: { same: { count: 0, of: 4 } }, undecided: 1 });
  expect(await comparisons.merge({ id, path: back, replace: true }, signal)).toMatchObject({ merged: 2 });
  expect((await comparisons.state(id)).comparison.counts.decided).toEqual({
    ...{ same: 1, equivalent: 1, similar: 1, none: 1, unsure: 1 },
  });

  await writeFile(back, '{"lookalike":"something else"}');
  await expect(comparisons.merge({ id, path: back, replace: false }, signal)).rejects.toMatchObject({
    fault: { code: 'COMPARISON_SOURCE_UNUSABLE', params: { reason: 'no-decisions' } },
  });
});
