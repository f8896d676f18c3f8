import { spawnSync } from 'node:child_process';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect } from '@lancedb/lancedb';
import { expect, test } from 'vitest';
import { cellsOf, toArrow } from '../catalog/arrow.ts';
import { arrow } from '../catalog/arrow-library.ts';
import type { CatalogRow } from '../catalog/rows.ts';
import { rowsOf, syncRows, testRow } from '../catalog/test-rows.ts';
import { refuse } from '../files/test-held.ts';
import { LiveCatalog } from '../snapshot/live-catalog.ts';
import {
  drawPicture,
  importedCatalog,
  item,
  openTestEngine,
  range,
  temporaryFolder,
} from '../test-catalog.ts';
import { exportPack } from './export.ts';
import { importPack, type PackImportRequest } from './import.ts';
import { encodeRows, packSchema } from './rows.ts';
import {
  lastOf,
  MODEL,
  partsOf,
  published,
  publishedCatalog,
  repack,
  reseal,
  run,
  unpack,
} from './test-pack.ts';

const never = new AbortController().signal;

test('a pack brings the same answers to a second data folder, with nothing embedded', async () => {
  const shoes = range(8).map((i) => item(i, { price: i * 10, color: i % 2 ? 'red' : 'blue' }));
  const two = { id: 'two', title: 'Two views', images: ['8.png', '9.png'] };
  const { folder, dataDir, engine } = await importedCatalog([...shoes, two], range(10));
  const model = { id: 'starter-2', dim: 576, sha256: 'c'.repeat(64) };
  const path = join(folder, 'shop.lookalike-pack');
  const headquarters = await LiveCatalog.open(join(dataDir, 'catalog'), model);
  await run(exportPack(partsOf(headquarters, model), { path }, never));

  const second = join(folder, 'second');
  const store = await LiveCatalog.open(join(second, 'catalog'), model);
  const report = await run(importPack(partsOf(store, model), { path, source: path }, never));
  expect(report).toMatchObject({
    source: path,
    products: { total: 9, added: 9, changed: 0, unchanged: 0, removed: 0 },
    images: { total: 10, embedded: 0, reused: 10 },
    published: { name: 'Test', source: path, products: 9, images: 10 },
  });

  const there = await openTestEngine(second);
  for (const seed of range(10)) {
    const query = { kind: 'photo', photo: { bytes: await drawPicture(seed, 80, 60) } } as const;
    const filters = seed % 2 ? {} : { color: ['blue'] };
    const [wanted, found] = [await engine.search({ query, filters }), await there.search({ query, filters })];
    expect(found.results).toEqual(wanted.results);
    expect(found.facets).toEqual(wanted.facets);
    expect(found.thumbnails).toEqual(wanted.thumbnails);
  }
  expect(await there.product('two')).toEqual(await engine.product('two'));
});

test('a pack that cannot replace an open one is kept beside it, and the report says which', {
  timeout: 60_000,
}, async () => {
  const { folder, path, catalog } = await publishedCatalog(await temporaryFolder(), [testRow(0), testRow(1)]);
  await writeFile(path, 'open elsewhere');
  await writeFile(join(folder, 'shop (2).lookalike-pack'), 'another');
  const beside = join(folder, 'shop (3).lookalike-pack');
  {
    using held = refuse('rename', /\.partial > .*shop\.lookalike-pack$/);
    const report = await run(exportPack({ catalog, model: MODEL, dataDir: folder }, { path }, never));
    expect(report).toMatchObject({ path: beside, notReplaced: path });
    expect(held.times).toBeGreaterThan(5);
  }
  expect((await unpack(beside)).manifest.snapshot.products).toBe(2);
  expect((await readdir(folder)).filter((name) => name.startsWith('shop'))).toHaveLength(3);
  expect(await run(exportPack({ catalog, model: MODEL, dataDir: folder }, { path }, never))).toMatchObject({
    path,
    notReplaced: null,
  });
});

test.each([1, 2, 3])('a pack of format %i opens, with a picture in every row', async (version) => {
  const rows = [testRow(0), testRow(1), showing(2, 1)];
  const { path, catalog } = await publishedCatalog(await temporaryFolder(), rows);
  await run(exportPack(partsOf(catalog), { path }, never));
  const files = await unpack(path);
  const cells = rows.map(({ row, content }) => {
    const { vector, colorSignature } = content;
    const inBytes = { vector: bytesOf(vector), colorSignature: bytesOf(colorSignature) };
    return { ...cellsOf(row), ...content, ...(version === 3 ? inBytes : {}) };
  });
  reseal(files, arrow.tableToIPC(toArrow(cells, packSchema(MODEL.dim, version)), 'stream'));
  await repack(path, { ...files.manifest, formatVersion: version }, files.files);

  const store = await LiveCatalog.open(await temporaryFolder(), MODEL);
  const { published: made } = await run(importPack(partsOf(store), { path, source: path }, never));
  const there = await rowsOf(store, made?.version ?? 0);
  expect(there.map(({ row }) => row)).toMatchObject([
    { uid: 'p0', source: '', styleId: 'p0', skuKey: 'sku0', size: null, colorFrom: 'feed' },
    { uid: 'p1' },
    { uid: 'p2' },
  ]);
  expect(there.map(({ content }) => content)).toEqual(rows.map(({ content }) => content));
});

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array) =>
  new Uint8Array(buffer, byteOffset, byteLength);

/** A product that shows the picture of another one. */
function showing(seed: number, picture: number): CatalogRow {
  const { row, content } = testRow(picture);
  return { row: testRow(seed, { imageHash: row.imageHash }).row, content };
}

test('a picture that many products show is in a pack once, and comes over with all of them', async () => {
  const rows = range(600).map((seed) => showing(seed, seed % 5));
  const { catalog, path } = await publishedCatalog(await temporaryFolder(), rows);
  await run(exportPack(partsOf(catalog), { path }, never));
  const { files } = await unpack(path);
  const thumbnails = [...files.values()].join('').split('RIFF0000WEBP').length - 1;
  expect(thumbnails).toBe(5);
  const other = await LiveCatalog.open(await temporaryFolder(), MODEL);
  const { published } = await run(importPack(partsOf(other), { path, source: 'x' }, never));
  const live = (await catalog.liveInfo())?.version ?? 0;
  expect(await rowsOf(other, published?.version ?? 0)).toEqual(await rowsOf(catalog, live));
});

test('a row without a picture that no row before it has is refused', async () => {
  const { folder, catalog, path } = await publishedCatalog(await temporaryFolder(), [testRow(0), testRow(1)]);
  await run(exportPack(partsOf(catalog), { path }, never));
  const files = await unpack(path);
  reseal(files, encodeRows([testRow(0), testRow(1)], MODEL.dim, new Set([testRow(1).row.imageHash])));
  await repack(path, files.manifest, files.files);
  const store = partsOf(await LiveCatalog.open(join(folder, 'store'), MODEL));
  const importing = run(importPack(store, { path, source: 'x' }, never));
  await expect(importing).rejects.toMatchObject({
    fault: { code: 'PACK_INVALID', params: { reason: 'rows' } },
  });
});

test('every row comes over to the last bit, whatever its text', async () => {
  const odd = {
    title: 'Größe 42 \u{1F45F} مرحبا "x"\n',
    category: null,
    color: null,
    price: null,
    currency: null,
    availability: null,
    url: null,
    attributes: { 'a.b': { deep: [1, 'zwei'] }, empty: '' },
  };
  const rows = [
    ...range(700).map((seed) => testRow(seed, seed % 7 ? {} : odd)),
    testRow(3, { imageIndex: 1, imageHash: 'd'.repeat(64), imageValidator: '"etag"' }),
  ];
  const { catalog, path } = await publishedCatalog(await temporaryFolder(), rows);
  const progress = await lastOf(exportPack(partsOf(catalog), { path }, never));
  expect(progress).toEqual({ phase: 'writing', done: 701, total: 701 });

  const other = await LiveCatalog.open(await temporaryFolder(), MODEL);
  const { published } = await run(importPack(partsOf(other), { path, source: 'x' }, never));
  const live = (await catalog.liveInfo())?.version ?? 0;
  expect(await rowsOf(other, published?.version ?? 0)).toEqual(await rowsOf(catalog, live));
});

test('a pack brings the colours of subjects to pictures that are there without them', async () => {
  const rows = range(3).map((seed) => testRow(seed));
  const subjectColors = Uint8Array.from({ length: 256 }, (_, i) => i);
  const seen = rows.map(({ row, content }) => ({ row, content: { ...content, subjectColors } }));
  const { catalog, path } = await publishedCatalog(await temporaryFolder(), seen);
  await run(exportPack(partsOf(catalog), { path }, never));
  const other = await LiveCatalog.open(await temporaryFolder(), MODEL);
  await syncRows(other, rows);
  const { products, published } = await run(importPack(partsOf(other), { path, source: 'x' }, never));
  expect(products).toMatchObject({ unchanged: 3 });
  expect(await rowsOf(other, published?.version ?? 0)).toEqual(seen);
  // A pack without them takes none away.
  const { path: plain, catalog: without } = await publishedCatalog(await temporaryFolder(), rows);
  await run(exportPack(partsOf(without), { path: plain }, never));
  expect((await run(importPack(partsOf(other), { path: plain, source: 'x' }, never))).published).toBeNull();
});

test('a pack replaces what was there as a feed does; the same pack again publishes nothing', async () => {
  const { catalog, path } = await publishedCatalog(await temporaryFolder(), [
    testRow(0),
    testRow(1),
    testRow(2, { price: 5 }),
  ]);
  await run(exportPack(partsOf(catalog), { path }, never));
  const other = await LiveCatalog.open(await temporaryFolder(), MODEL);
  await syncRows(other, [testRow(1), testRow(2), testRow(3)]);
  const importing = () => run(importPack(partsOf(other), { path, source: 'x' }, never));
  expect((await importing()).products).toEqual({ total: 3, added: 1, changed: 1, unchanged: 1, removed: 1 });
  expect(await published(other)).toEqual(['p0 10', 'p1 10', 'p2 5']);
  expect((await other.history.list())[0]).toMatchObject({ name: 'Test', source: 'x', live: true });
  expect(await importing()).toMatchObject({ products: { unchanged: 3 }, published: null });
});

test('an older snapshot is packed when it is asked for', async () => {
  const { catalog, path } = await publishedCatalog(await temporaryFolder(), [testRow(0)]);
  const old = await catalog.liveInfo();
  await syncRows(catalog, [testRow(0), testRow(1)]);
  const request = { path, version: old?.version ?? 0 };
  expect((await run(exportPack(partsOf(catalog), request, never))).snapshot).toMatchObject(old ?? {});
  const other = await LiveCatalog.open(await temporaryFolder(), MODEL);
  await run(importPack(partsOf(other), { path, source: 'x' }, never));
  expect(await published(other)).toEqual(['p0 10']);
});

test('a pack is not written without a picture: it would take the product away from the stores', async () => {
  const { folder, catalog, path } = await publishedCatalog(
    await temporaryFolder(),
    range(6).map((i) => testRow(i)),
  );
  const lost = [1, 4].map((i) => testRow(i).row.imageHash);
  const db = await connect(join(folder, 'catalog'));
  const pictures = await db.openTable('pictures');
  await pictures.delete(`imageHash IN (${lost.map((hash) => `'${hash}'`).join()})`);
  pictures.close();
  db.close();
  await expect(run(exportPack(partsOf(catalog), { path }, never))).rejects.toMatchObject({
    fault: {
      code: 'PACK_PICTURES_MISSING',
      params: { products: 2, examples: [testRow(1), testRow(4)].map(({ row }) => row.title) },
    },
  });
  expect(await readdir(folder)).toEqual(['catalog']);

  // Stage it as a sync does: a picture that is not known by its hash must be fetched.
  const staging = await catalog.stage();
  await staging.write([1, 4].map((i) => testRow(i)));
  await staging.close();
  const { snapshot } = await run(exportPack(partsOf(catalog), { path }, never));
  expect(snapshot).toMatchObject({ products: 6 });
});

test('what killed exports have left beside a pack goes with the next one; what others are writing stays', async () => {
  const { folder, catalog, path } = await publishedCatalog(await temporaryFolder(), [testRow(0)]);
  const { pid: dead } = spawnSync(process.execPath, ['--version']);
  for (const name of [
    `shop.lookalike-pack.${dead}`,
    `old.lookalike-pack.${dead}`,
    `other.lookalike-pack.${process.ppid}`,
    `${dead}`,
  ])
    await writeFile(join(folder, `${name}.partial`), 'cut');
  await run(exportPack(partsOf(catalog), { path }, never));
  expect((await readdir(folder)).sort()).toEqual(
    [
      `${dead}.partial`,
      'catalog',
      `other.lookalike-pack.${process.ppid}.partial`,
      'shop.lookalike-pack',
    ].sort(),
  );
});

test('what cannot be packed is said, and leaves no file', async () => {
  const { folder, catalog, path } = await publishedCatalog(await temporaryFolder(), [testRow(0)]);
  const parts = partsOf(catalog);
  const empty = partsOf(await LiveCatalog.open(join(folder, 'none'), MODEL));
  const stopped = AbortSignal.abort();
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const signingKey = rsa.export({ type: 'pkcs8', format: 'pem' }).toString();
  const nowhere = join(folder, 'none', 'there', 'x.lookalike-pack');
  await expect(run(exportPack(empty, { path }, never))).rejects.toMatchObject({ code: 'CATALOG_EMPTY' });
  for (const [request, signal, code] of [
    [{ path, version: 1e6 }, never, 'SNAPSHOT_UNKNOWN'],
    [{ path: nowhere }, never, 'STORAGE_BROKEN'],
    [{ path }, stopped, 'CANCELLED'],
    [{ path, signingKey }, never, 'PACK_KEY_INVALID'],
    [{ path, signingKey: 'a secret' }, never, 'PACK_KEY_INVALID'],
  ] as const) {
    await expect(run(exportPack(parts, request, signal))).rejects.toMatchObject({ code });
  }
  // Stop iterating in the middle, as when a window is closed.
  for await (const _ of exportPack(parts, { path }, never)) break;
  expect((await readdir(folder)).filter((name) => name.includes('lookalike-pack'))).toEqual([]);
});

test('a pack that could not be finished leaves the one that was there', async () => {
  const { catalog, path } = await publishedCatalog(await temporaryFolder(), [testRow(0)]);
  await run(exportPack(partsOf(catalog), { path }, never));
  const before = await readFile(path);
  const steps = exportPack(partsOf(catalog), { path }, never);
  await steps.next();
  await expect(steps.throw(new Error('stopped'))).rejects.toMatchObject({ code: 'STORAGE_BROKEN' });
  expect(await readFile(path)).toEqual(before);
});

test('a store that trusts some keys takes packs signed by one of them and no others', async () => {
  const { folder, catalog, path } = await publishedCatalog(await temporaryFolder(), [testRow(0)]);
  const keys = range(3).map(() =>
    generateKeyPairSync('ed25519', {
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    }),
  );
  const [ours, theirs, stranger] = keys;
  if (!ours || !theirs || !stranger) throw new Error('three keys');
  const parts = partsOf(catalog);
  const plain = join(folder, 'plain.lookalike-pack');
  expect(await run(exportPack(parts, { path: plain }, never))).toMatchObject({ signed: false });
  const report = await run(exportPack(parts, { path, signingKey: ours.privateKey }, never));
  expect(report).toMatchObject({ signed: true });

  const store = partsOf(await LiveCatalog.open(join(folder, 'store'), MODEL));
  const importing = (request: Omit<PackImportRequest, 'source'>) =>
    run(importPack(store, { ...request, source: 'x' }, never));
  const untrusted = { code: 'PACK_UNTRUSTED' };
  const trustedKeys = [
    { name: 'theirs', pem: theirs.publicKey },
    { name: 'ours', pem: ours.publicKey },
  ];
  await expect(importing({ path: plain, trustedKeys })).rejects.toMatchObject(untrusted);
  await expect(
    importing({ path, trustedKeys: [{ name: 'x', pem: stranger.publicKey }] }),
  ).rejects.toMatchObject(untrusted);
  await expect(importing({ path, trustedKeys: [] })).rejects.toMatchObject(untrusted);
  const noKey = { code: 'PACK_KEY_INVALID' };
  await expect(importing({ path, trustedKeys: [{ name: 'x', pem: 'no key' }] })).rejects.toMatchObject(noKey);
  expect(await store.catalog.history.list()).toEqual([]);
  expect(await importing({ path, trustedKeys })).toMatchObject({ products: { added: 1 } });
  // A store without trusted keys takes both.
  expect(await importing({ path: plain })).toMatchObject({ published: null });
});

test('what `beforePublish` refuses is not published', async () => {
  const { catalog, path } = await publishedCatalog(await temporaryFolder(), [testRow(0)]);
  await run(exportPack(partsOf(catalog), { path }, never));
  const other = await LiveCatalog.open(await temporaryFolder(), MODEL);
  await syncRows(
    other,
    range(5).map((seed) => testRow(seed)),
  );
  const refusing = (request: Partial<PackImportRequest>) =>
    run(importPack(partsOf(other), { path, source: 'x', ...request }, never));
  let removed = 0;
  const beforePublish: PackImportRequest['beforePublish'] = (staging) => {
    removed = staging.changes().removed;
    throw new Error('too many');
  };
  await expect(refusing({ beforePublish })).rejects.toThrow('too many');
  expect(removed).toBe(4);
  expect(await published(other)).toHaveLength(5);
});

test('a pack that was rolled back comes back when someone asks for it, and by a schedule does not', async () => {
  const { catalog, folder, path } = await publishedCatalog(await temporaryFolder(), [testRow(0)]);
  await run(exportPack(partsOf(catalog), { path }, never));
  const store = (await publishedCatalog(join(folder, 'store'), [testRow(1)])).catalog;
  const importing = (scheduled: boolean) =>
    run(importPack(partsOf(store), { path, source: 'x', scheduled }, never));
  await importing(true);
  expect(await published(store)).toEqual(['p0 10']);
  await store.history.rollback((await store.history.list()).at(-1)?.version ?? 0);
  expect(await importing(true)).toMatchObject({ published: null });
  expect(await published(store)).toEqual(['p1 10']);
  expect(await importing(false)).toMatchObject({ published: { source: 'x' } });
  expect(await published(store)).toEqual(['p0 10']);
});

test('an import that is cancelled leaves what is published, and the next one completes', async () => {
  const { catalog, path } = await publishedCatalog(
    await temporaryFolder(),
    range(600).map((seed) => testRow(seed)),
  );
  await run(exportPack(partsOf(catalog), { path }, never));
  for (const stopAt of ['checking', 'staging'] as const) {
    const other = await LiveCatalog.open(await temporaryFolder(), MODEL);
    await syncRows(other, [testRow(0)]);
    const stop = new AbortController();
    const importing = async () => {
      for await (const { phase, done } of importPack(partsOf(other), { path, source: 'x' }, stop.signal)) {
        if (phase === stopAt && done > 0) stop.abort();
      }
    };
    await expect(importing()).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(await published(other)).toEqual(['p0 10']);
    await run(importPack(partsOf(other), { path, source: 'x' }, never));
    expect(await published(other)).toHaveLength(600);
  }
});

test('a pack cut short anywhere or with any byte changed is refused', async () => {
  const { folder, catalog, path } = await publishedCatalog(
    await temporaryFolder(),
    range(300).map((seed) => testRow(seed)),
  );
  await run(exportPack(partsOf(catalog), { path }, never));
  const whole = await readFile(path);
  const store = partsOf(await LiveCatalog.open(join(folder, 'store'), MODEL));
  const damaged = join(folder, 'damaged.lookalike-pack');
  const hash = () => createHash('sha256').update(whole).digest();
  const places = range(40).map((i) => (i * 7919 * 31 + (hash()[i % 32] ?? 0)) % whole.length);
  for (const place of places) {
    await writeFile(damaged, whole);
    await truncate(damaged, place);
    const importing = run(importPack(store, { path: damaged, source: 'x' }, never));
    await expect(importing).rejects.toMatchObject({ code: 'PACK_INVALID', item: damaged });
  }
  let refused = 0;
  for (const place of places) {
    const changed = Buffer.from(whole);
    changed[place] = (changed[place] ?? 0) ^ 0x20;
    await writeFile(damaged, changed);
    const importing = run(importPack(store, { path: damaged, source: 'x' }, never));
    const outcome = await importing.then(
      (report) => report.published?.images ?? 300,
      (error: { code: string }) => error.code,
    );
    // A damaged byte that does not concern the content (a time, a local header) may pass. Then everything must be imported
    // intact.
    if (outcome !== 300) expect(['PACK_INVALID', 'PACK_MODEL_DIFFERS']).toContain(outcome);
    if (outcome !== 300) refused++;
  }
  expect(refused).toBeGreaterThan(30);
});
