import { appendFile, mkdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import type { ComparisonRow } from '../../contract/compare.ts';
import type { Engine } from '../engine.ts';
import { loadSharp } from '../images/sharp-build.ts';
import { openEngine } from '../open-engine.ts';
import {
  drawPicture,
  importedCatalog,
  item,
  MODELS,
  openTestEngine,
  range,
  runImport,
  writeFeed,
} from '../test-catalog.ts';
import { Document } from './document.ts';
import { VERSION } from './entries.ts';
import { readWorkbook } from './export/test-workbook.ts';
import { shownRows } from './review.ts';
import { State } from './state.ts';

const PRODUCTS = range(12).map((seed) =>
  item(seed, { sku: `4${seed}`, category: seed < 6 ? 'Coats' : 'Shoes', price: 10 + seed, currency: 'EUR' }),
);
/** Long, with an emoji, and a formula where a table would run it. */
const LONG = `=1+1 ${'long name '.repeat(20)}👟.jpg`;

/** The picture of a product as another shop has it. */
async function altered(seed: number): Promise<Uint8Array<ArrayBuffer>> {
  const sharp = await loadSharp();
  return sharp(await drawPicture(seed))
    .jpeg({ quality: 60 })
    .toBuffer();
}

/** A competitor's folder: three products of ours, one twice, one that we do not have, and what is no picture. */
async function pileIn(folder: string): Promise<string> {
  const pile = join(folder, 'Harrow');
  await mkdir(join(pile, 'more'), { recursive: true });
  await writeFile(join(pile, '1.jpg'), await altered(1));
  await writeFile(join(pile, '1 again.jpg'), await altered(1));
  await writeFile(join(pile, LONG), await altered(2));
  await writeFile(join(pile, 'more', '10.jpg'), await altered(3));
  await writeFile(join(pile, 'more', '9.png'), await drawPicture(77));
  await writeFile(join(pile, 'notes.txt'), 'nothing to see');
  await writeFile(join(pile, '.DS_Store'), 'left behind');
  if (process.platform !== 'win32') await symlink(join(folder, 'feed.json'), join(pile, 'out.jpg'));
  return pile;
}

/** An engine that the test closes itself, as a restart does. */
const opened = (dataDir: string): Promise<Engine> =>
  openEngine({ dataDir, modelRoots: [MODELS], sampleFeed: join(dataDir, 'none.json') });

/** Compares the pile, and returns the comparison's id. */
async function compared(engine: Engine, paths: string[]): Promise<string> {
  const { id } = await engine.comparisons.create({ paths, pictures: [], competitor: 'Harrow' });
  await engine.comparisons.run({ id, failed: false, again: false });
  await engine.comparisons.ended(id);
  return id;
}

async function rowsOf({ comparisons }: Engine, id: string): Promise<ComparisonRow[]> {
  const { rows } = await comparisons.order({ id, filters: {}, sort: 'row' });
  return (await comparisons.rows({ id, rows })).rows;
}

const named = (rows: readonly ComparisonRow[], name: string): ComparisonRow => {
  const found = rows.find(({ sources }) => sources.some((source) => source.name === name));
  if (!found) throw new Error(`no row ${name}`);
  return found;
};

test('a pile is compared, decided, undone, written out and found again after a restart', {
  timeout: 120_000,
}, async () => {
  const { folder, dataDir } = await importedCatalog(PRODUCTS, range(12));
  const engine = await opened(dataDir);
  const { comparisons } = engine;
  const id = await compared(engine, [await pileIn(folder)]);
  expect(await comparisons.state(id)).toMatchObject({ progress: null, ended: null, canUndo: false });
  const rows = await rowsOf(engine, id);
  const one = named(rows, '1.jpg');
  expect(one).toMatchObject({ status: 'answered', decision: null });
  expect(one.candidates[0]).toMatchObject({ productId: 'p1', sku: '41' });
  expect(one.sources.map(({ name }) => name).sort()).toEqual(['1 again.jpg', '1.jpg']);
  expect(one.candidates).toHaveLength(12);
  expect(named(rows, LONG).candidates[0]?.productId).toBe('p2');
  expect(named(rows, 'more/10.jpg').candidates[0]?.productId).toBe('p3');
  expect(named(rows, 'notes.txt')).toMatchObject({ status: 'failed', fault: { code: 'IMAGE_UNREADABLE' } });
  if (process.platform !== 'win32')
    expect(named(rows, 'out.jpg').fault).toMatchObject({
      code: 'PICTURE_REFUSED',
      params: { reason: 'link' },
    });
  // The app's own query ranks the same.
  const photo = { path: join(folder, 'Harrow', '1.jpg') };
  const { results } = await engine.search({ query: { kind: 'photo', photo }, limit: 12 });
  expect(results.map(({ uid }) => uid)).toEqual(one.candidates.map(({ uid }) => uid));

  // The folder is gone; the pictures are in the document.
  await rename(join(folder, 'Harrow'), join(folder, 'gone'));
  const { pictures } = await comparisons.pictures({ id, rows: [one.row], size: 'large' });
  expect(pictures).toMatchObject([{ row: one.row, type: 'image/jpeg' }]);
  expect(Buffer.from(await altered(1)).equals(pictures[0]?.bytes ?? new Uint8Array())).toBe(true);

  const stranger = named(rows, 'more/9.png').row;
  await comparisons.decide({ id, rows: [stranger], match: 'none' });
  const other = named(rows, LONG);
  await comparisons.decide({ id, rows: [other.row], match: 'equivalent', product: other.candidates[3]?.uid });
  await comparisons.decide({ id, rows: [one.row, named(rows, 'notes.txt').row], match: 'same' });
  const undone = await comparisons.undo(id);
  expect(undone).toMatchObject({
    rows: [{ row: one.row, decision: null }],
    canRedo: true,
    counts: { undecided: 2 },
  });
  await comparisons.redo(id);
  const cropped = await comparisons.crop({ id, row: one.row, crop: { x: 0, y: 0, width: 0.5, height: 0.5 } });
  expect(cropped.rows[0]?.crop).toEqual({ x: 0, y: 0, width: 0.5, height: 0.5 });
  expect((await comparisons.undo(id)).rows[0]?.candidates).toEqual(one.candidates);
  // A rejected candidate is not offered again, whatever part of the picture is compared.
  const [, second] = one.candidates;
  const reject = (rejected: boolean) =>
    comparisons.reject({ id, row: one.row, products: [second?.uid ?? ''], rejected, everywhere: false });
  expect((await reject(true)).rows[0]).toMatchObject({
    candidates: { length: 11 },
    rejected: [{ uid: second?.uid }],
  });
  const part = await comparisons.crop({ id, row: one.row, crop: { x: 0, y: 0, width: 0.9, height: 0.9 } });
  expect(part.rows[0]?.candidates.some(({ uid }) => uid === second?.uid)).toBe(false);
  await comparisons.undo(id);
  expect((await reject(false)).rows[0]).toEqual({ ...one, decision: expect.anything() });
  const before = await rowsOf(engine, id);
  expect(named(before, '1.jpg').decision).toMatchObject({ match: 'same', product: { productId: 'p1' } });
  const { facets } = await comparisons.order({ id, filters: { category: ['Coats'] }, sort: 'surest' });
  expect(facets.match).toContainEqual({ value: 'same', count: 1 });

  const path = (format: string) => join(folder, `report.${format}`);
  for (const format of ['csv', 'json', 'html', 'xlsx'] as const)
    await comparisons.export({ id, path: path(format), format, filters: {} });
  const csv = await readFile(path('csv'), 'utf8');
  expect(csv).toMatch(/^\ufeffsku,url,match_type,row,/);
  expect(csv).toMatch(/^41,,same,\d+,1 again\.jpg,answered,/m);
  const json = JSON.parse(await readFile(path('json'), 'utf8'));
  expect(json.rows.find(({ row }: { row: number }) => row === stranger)).toMatchObject({
    file: 'more/9.png',
    status: 'answered',
    decision: { match: 'none', product: null },
  });
  expect(json.rows[0].candidates[0]).toMatchObject({
    productId: expect.any(String),
    sku: expect.any(String),
    score: expect.any(Number),
    band: expect.any(String),
  });
  expect(await readFile(path('html'), 'utf8')).toMatch(
    /Gaps in our range.*src="data:image\/jpeg;base64,.*Matches <span class="count">2/s,
  );
  await comparisons.decide({ id, rows: [stranger], match: 'unsure' });
  await comparisons.export({ id, path: path('html'), format: 'html', filters: {} });
  expect(await readFile(path('html'), 'utf8')).toMatch(/<span class="none">Unsure</);
  expect(await readFile(path('html'), 'utf8')).not.toContain('Not in our range');
  await comparisons.undo(id);

  const { cells, formulas, printed, pictures: placed } = await readWorkbook(path('xlsx'));
  const lines = before.reduce((count, { sources }) => count + sources.length, 0);
  const area = `'Comparison'!$A$1:$L$${lines + 1}`;
  expect(printed).toEqual({ fitted: true, area, repeated: "'Comparison'!$1:$1" });
  const columnOf = (heading: string) => [...cells].find(([, text]) => text === heading)?.[0].slice(0, -1);
  for (const heading of ['SKU', 'Title', 'Price', 'Competitor title', 'Competitor price'])
    expect(columnOf(heading)).toMatch(/^[A-L]$/);
  const [files, types] = [columnOf('File'), columnOf('Match type')];
  const longAt = Number([...cells].find(([, text]) => text === LONG)?.[0].slice(files?.length));
  expect([formulas, cells.get(`${types}${longAt}`)]).toEqual([0, 'equivalent']);
  // A line for each source, with its picture and that of the product; none of what failed or has no product.
  expect(cells.has(`${files}${lines + 1}`) && !cells.has(`${files}${lines + 2}`)).toBe(true);
  const [theirs, ours] = [0, 1].map((column) => placed.filter((each) => each.column === column));
  const failed = before.filter(({ status }) => status === 'failed').length;
  expect([theirs?.length, ours?.length]).toEqual([lines - failed, lines - failed - 1]);
  const placedOne = placed.find(({ column, row }) => column === 1 && row === longAt - 1);
  expect(await (await loadSharp())(placedOne?.bytes).metadata()).toMatchObject({ format: 'jpeg' });

  // Decisions made elsewhere: one that is the same, one for a product that is no candidate's name, one in conflict.
  const signal = new AbortController().signal;
  const table = join(folder, 'back.csv');
  await writeFile(
    table,
    `sku,url,match_type,file\n43,,exact,more/10.jpg\n45,,similar,1.jpg\n99,,same,${LONG}\n41,,maybe,1.jpg\n,,none,nobody.jpg\n,,unsure,more/9.png\n,,none,more/9.png\n`,
  );
  const merged = await comparisons.merge({ id, path: table, replace: false }, signal);
  expect(merged).toMatchObject({
    merged: 1,
    conflicts: [{ line: 3, here: 'same', there: 'similar', sku: '45' }],
  });
  expect(merged.unused.map(({ line, reason }) => `${line} ${reason}`).sort()).toEqual([
    '4 product',
    '5 match',
    '6 row',
    '7 contradiction',
    '8 contradiction',
  ]);
  expect(merged.change.rows[0]?.decision).toMatchObject({ match: 'same', product: { productId: 'p3' } });
  await comparisons.export({ id, path: join(folder, 'merged.csv'), format: 'csv', filters: {} });
  expect(await readFile(join(folder, 'merged.csv'), 'utf8')).toMatch(/^43,,same,.*,merged,\r$/m);
  // What this app has written changes nothing when it comes back.
  expect(await comparisons.merge({ id, path: path('csv'), replace: true }, signal)).toMatchObject({
    merged: 0,
    conflicts: [],
    unused: [],
  });
  await comparisons.undo(id);

  await engine.close();
  // Written with fewer entries, the journal makes the same document, down to what undo gives.
  const { state } = await Document.open(join(dataDir, 'comparisons', id));
  const shorter = new State({ ofPicture: () => undefined });
  for (const entry of state.entries(VERSION)) shorter.apply(entry);
  const shown = (of: State) =>
    shownRows(
      of,
      [...of.rows.keys()].sort((a, b) => a - b),
    );
  for (const step of [null, 'undo', 'undo', 'redo', 'undo', 'undo', 'undo'] as const) {
    for (const each of [state, shorter]) if (step) each.apply({ kind: step });
    expect(shown(shorter)).toEqual(shown(state));
    expect([shorter.canUndo, shorter.canRedo]).toEqual([state.canUndo, state.canRedo]);
  }

  const again = await openTestEngine(dataDir);
  expect(await rowsOf(again, id)).toEqual(before);
  expect(await again.comparisons.state(id)).toMatchObject({ canUndo: true, canRedo: true });

  // Another catalog is published: the document says so, and its own snapshot is kept.
  await runImport(again, await writeFeed(folder, PRODUCTS.slice(0, 9)));
  const copy = await again.comparisons.duplicate({ id, name: 'Copy' });
  expect(copy).toMatchObject({
    name: 'Copy',
    competitor: 'Harrow',
    moved: { catalog: { products: 9 }, snapshotKept: true },
  });
  // Compared with it, decisions stay, and what the new season has changed is said.
  const before2 = await rowsOf(again, copy.id);
  const gone = named(before2, 'more/10.jpg');
  await again.comparisons.decide({ id: copy.id, rows: [gone.row], match: 'similar', product: 'p10' });
  await again.comparisons.run({ id: copy.id, failed: false, again: true });
  await again.comparisons.ended(copy.id);
  const after = await rowsOf(again, copy.id);
  expect(named(after, 'more/10.jpg')).toMatchObject({
    changed: 'gone',
    decision: { match: 'similar', product: { productId: 'p10' } },
  });
  expect(named(after, '1.jpg')).toMatchObject({ decision: { match: 'same' }, candidates: { length: 9 } });
  expect((await again.comparisons.state(copy.id)).comparison).toMatchObject({
    moved: null,
    about: { snapshot: { products: 9 } },
  });
  expect(
    (await again.comparisons.order({ id: copy.id, filters: { changed: ['gone'] }, sort: 'row' })).rows,
  ).toEqual([gone.row]);
  // What leaves says so too: on the cover and beside the pair, in a column, and its price is not compared.
  for (const format of ['html', 'csv', 'json'] as const)
    await again.comparisons.export({
      id: copy.id,
      path: join(folder, `gone.${format}`),
      format,
      filters: {},
    });
  const page = await readFile(join(folder, 'gone.html'), 'utf8');
  expect(page).toContain('Our product is no longer in the catalog: 1 of those decided.');
  expect(page).toContain('· our product is no longer in the catalog');
  expect(await readFile(join(folder, 'gone.csv'), 'utf8')).toMatch(/10\.jpg.*,gone\r$/m);
  const data = JSON.parse(await readFile(join(folder, 'gone.json'), 'utf8'));
  expect(data.rows.filter(({ changed }: { changed?: string }) => changed === 'gone')).toHaveLength(1);
  expect(data.overview.prices.gone).toBe(1);
  // Decided the same again, it is looked at: also where the catalog does not have the product any more.
  const seen = await again.comparisons.decide({
    id: copy.id,
    rows: [gone.row],
    match: 'similar',
    product: 'p10',
  });
  expect([seen.counts.changed.gone, seen.rows[0]?.decision?.product?.productId]).toEqual([0, 'p10']);
  expect((await again.comparisons.undo(copy.id)).counts.changed.gone).toBe(1);
  expect((await again.comparisons.undo(copy.id)).rows[0]).toMatchObject({ row: gone.row, decision: null });

  await again.comparisons.rename({ id, name: 'Spring' });
  expect((await again.comparisons.list()).map(({ name }) => name)).toEqual(['Spring', 'Copy']);
  await again.comparisons.remove(id);
  expect((await again.comparisons.list()).map(({ name }) => name)).toEqual(['Copy']);
  await expect(again.comparisons.state(id)).rejects.toMatchObject({ code: 'COMPARISON_UNKNOWN' });
  expect(await again.comparisons.restore(id)).toMatchObject({
    name: 'Spring',
    counts: { rows: before.length },
  });
});

test('what is damaged in a document is said, and the rest of it is there', { timeout: 120_000 }, async () => {
  const { folder, dataDir } = await importedCatalog(PRODUCTS, range(12));
  const engine = await opened(dataDir);
  const id = await compared(engine, [await pileIn(folder)]);
  const [first] = (await rowsOf(engine, id)).filter(({ status }) => status === 'answered');
  const row = first?.row ?? 0;
  await engine.comparisons.decide({ id, rows: [row], match: 'same' });
  await engine.close();
  const document = join(dataDir, 'comparisons', id);
  const journal = join(document, 'journal.jsonl');
  const whole = await readFile(journal);

  const reopened = async (damage: () => Promise<void>) => {
    await writeFile(journal, whole);
    await damage();
    const engine = await opened(dataDir);
    const [listed] = await engine.comparisons.list();
    const checked = await engine.comparisons.check();
    return { engine, listed, checked };
  };
  {
    const { engine, listed, checked } = await reopened(() => appendFile(journal, '00000000 {"kind":"st'));
    expect(listed?.faults).toMatchObject([{ code: 'COMPARISON_LINES_LOST', params: { reason: 'cut' } }]);
    expect(checked).toMatchObject([{ path: `comparisons/${id}/journal.jsonl` }]);
    await engine.comparisons.decide({ id, rows: [row], match: 'unsure' });
    await engine.close();
  }
  {
    // The first line: its name and sources are lost, its rows and decisions are not.
    const { engine, listed } = await reopened(async () => {
      const bytes = Buffer.from(whole);
      bytes[20] = 0;
      await writeFile(journal, bytes);
    });
    expect(listed).toMatchObject({ name: id, faults: [{ params: { reason: 'damaged', lines: 1 } }] });
    const [decided] = (await engine.comparisons.decide({ id, rows: [row], match: 'similar' })).rows;
    expect(decided?.decision?.match).toBe('similar');
    await engine.close();
    const after = await opened(dataDir);
    expect(await after.comparisons.list()).toMatchObject([
      { faults: [], counts: { decided: { similar: 1 } } },
    ]);
    await after.close();
  }
  {
    const { engine, listed } = await reopened(() => writeFile(journal, 'no journal at all'));
    // By what was noted of it last.
    expect(listed).toMatchObject({
      counts: { decided: { similar: 1 } },
      faults: [{ code: 'COMPARISON_DAMAGED' }],
    });
    await engine.close();
  }
  {
    const { engine } = await reopened(() => rm(join(document, 'pictures.bin')));
    expect((await engine.comparisons.state(id)).comparison.faults).toMatchObject([
      { code: 'COMPARISON_PICTURES_LOST' },
    ]);
    await engine.comparisons.run({ id, failed: true, again: false });
    await engine.comparisons.ended(id);
    expect((await engine.comparisons.pictures({ id, rows: [row], size: 'thumbnail' })).pictures).toHaveLength(
      1,
    );
    expect((await rowsOf(engine, id)).find((each) => each.row === row)?.decision?.match).toBe('same');

    // The folder is deleted while it is open: a decision is refused and not lost without a word.
    await rm(document, { recursive: true });
    await expect(engine.comparisons.decide({ id, rows: [row], match: 'none' })).rejects.toMatchObject({
      code: 'COMPARISON_UNKNOWN',
    });
  }
});

test('a comparison goes on with the model that made it only, and says so', { timeout: 60_000 }, async () => {
  const { folder, dataDir } = await importedCatalog(PRODUCTS, range(12));
  const engine = await opened(dataDir);
  const id = await compared(engine, [await pileIn(folder)]);
  const [first] = (await rowsOf(engine, id)).filter(({ status }) => status === 'answered');
  const row = first?.row ?? 0;
  await engine.close();
  const document = await Document.open(join(dataDir, 'comparisons', id));
  const { about } = document.state;
  if (!about) throw new Error('It was compared.');
  await document.write(() => [{ kind: 'about', ...about, model: { ...about.model, id: 'made-elsewhere' } }]);
  await document.close();

  const { comparisons } = await openTestEngine(dataDir);
  const fault = {
    code: 'COMPARISON_MODEL_DIFFERS',
    params: { made: 'made-elsewhere', here: about.model.id },
  };
  await expect(comparisons.crop({ id, row, crop: null })).rejects.toMatchObject({ fault });
  await comparisons.run({ id, failed: true, again: false });
  await comparisons.ended(id);
  const { comparison, ended } = await comparisons.state(id);
  expect(ended).toMatchObject(fault);
  expect(comparison.moved).toMatchObject({ model: { id: about.model.id } });
  // What was compared can be decided, and compared again with the model of today.
  expect((await comparisons.decide({ id, rows: [row], match: 'same' })).counts.decided.same).toBe(1);
  await comparisons.run({ id, failed: false, again: true });
  await comparisons.ended(id);
  expect(await comparisons.state(id)).toMatchObject({
    ended: null,
    comparison: { moved: null, counts: { decided: { same: 1 } } },
  });
});

test('a run that is stopped goes on, and one of a folder that is gone waits for it', {
  timeout: 120_000,
}, async () => {
  const { folder, engine } = await importedCatalog(PRODUCTS, range(12));
  const { comparisons } = engine;
  const pile = join(folder, 'many');
  await mkdir(pile);
  for (const seed of range(40)) await writeFile(join(pile, `${seed}.jpg`), await altered(seed));
  const { id } = await comparisons.create({
    paths: [pile],
    pictures: [{ name: 'pasted.png', bytes: await drawPicture(5) }],
    competitor: null,
  });
  await comparisons.run({ id, failed: false, again: false });
  await vi.waitUntil(async () => (await comparisons.state(id)).comparison.counts.answered > 0, {
    timeout: 60_000,
    interval: 20,
  });
  const stopped = await comparisons.stop(id);
  expect(stopped.ended).toMatchObject({ code: 'CANCELLED' });
  const { waiting, answered } = stopped.comparison.counts;
  expect(waiting + answered).toBe(41);
  await rename(pile, `${pile}.away`);
  if (waiting > 1) {
    await comparisons.run({ id, failed: false, again: false });
    await comparisons.ended(id);
    expect(await comparisons.state(id)).toMatchObject({ ended: { code: 'COMPARISON_SOURCE_UNUSABLE' } });
    expect((await comparisons.state(id)).comparison.counts.failed).toBe(0);
  }
  await rename(`${pile}.away`, pile);
  // Beside queries, which go first.
  await comparisons.run({ id, failed: false, again: false });
  for (const seed of range(3))
    await engine.search({ query: { kind: 'photo', photo: { bytes: await altered(seed) } } });
  await comparisons.ended(id);
  expect(await comparisons.state(id)).toMatchObject({
    ended: null,
    comparison: { counts: { rows: 41, answered: 41, waiting: 0 } },
  });
  expect(named(await rowsOf(engine, id), 'pasted.png').candidates[0]?.productId).toBe('p5');
  expect((await stat(join(pile, '1.jpg'))).size).toBeGreaterThan(0);
});
