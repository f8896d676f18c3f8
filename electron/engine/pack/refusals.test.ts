import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect } from '@lancedb/lancedb';
import { Binary, Table, tableFromIPC, tableToIPC, Utf8, vectorFromArray } from 'apache-arrow';
import { expect, test } from 'vitest';
import { faultSentence } from '../../cli/sentences.ts';
import { LookalikeError } from '../../contract/errors.ts';
import type { CatalogRow } from '../catalog/rows.ts';
import { testRow } from '../catalog/test-rows.ts';
import type { LiveCatalog } from '../snapshot/live-catalog.ts';
import { range, temporaryFolder } from '../test-catalog.ts';
import { exportPack } from './export.ts';
import { importPack } from './import.ts';
import { encodeRows } from './rows.ts';
import {
  MODEL,
  overwrite,
  type PackFiles,
  partsOf,
  published,
  publishedCatalog,
  repack,
  reseal,
  run,
  unpack,
} from './test-pack.ts';

const never = new AbortController().signal;
const PART = 'images/00000.arrow';

/** A good pack, and a store with a catalog of its own. */
async function packAndStore() {
  const made = await publishedCatalog(await temporaryFolder(), [testRow(0), testRow(1), testRow(2)]);
  await run(exportPack(partsOf(made.catalog), { path: made.path }, never));
  const folder = join(made.folder, 'store');
  const { catalog } = await publishedCatalog(folder, [testRow(9)]);
  return { path: made.path, store: catalog, folder: join(folder, 'catalog') };
}

/** The text shown to people, and its cause in the log. */
const told = ({ fault, cause }: LookalikeError) => `${faultSentence(fault)}\n${String(cause)}`;

/** Expects that the pack is refused for this reason, and that no row is written. */
async function expectRefused(
  { path, store, folder }: { path: string; store: LiveCatalog; folder: string },
  why: RegExp,
  code = 'PACK_INVALID',
  model = MODEL,
): Promise<void> {
  const table = await (await connect(folder)).openTable('product-images');
  const before = await table.version();
  const importing = run(importPack(partsOf(store, model), { path, source: 'x' }, never));
  const error = await importing.catch((refused: unknown) => refused);
  expect(error).toMatchObject({ code, item: path });
  expect(error instanceof LookalikeError && told(error)).toMatch(why);
  await table.checkoutLatest();
  expect(await table.version()).toBe(before);
  expect(await published(store)).toEqual(['p9 10']);
}

test.each([
  ['another model', { ...MODEL, id: 'other' }, /made with "test".*uses "other"/],
  ['other weights', { ...MODEL, sha256: 'f'.repeat(64) }, /other weights of "test"/],
  ['vectors of another length', { ...MODEL, dim: 16 }, /other weights/],
])('a pack for %s', async (_, model, why) => {
  await expectRefused(await packAndStore(), why, 'PACK_MODEL_DIFFERS', model);
});

test.each<[string, (pack: PackFiles) => unknown, RegExp]>([
  [
    'of a later format',
    ({ manifest }) => ({ ...manifest, formatVersion: 5 }),
    /format 5 .* reads formats 1, 2, 3, 4/,
  ],
  ['that is another document', () => ({ format: 'other' }), /manifest is damaged/],
  ['whose manifest is not JSON', () => 'nonsense', /manifest is damaged/],
  ['without a part', ({ manifest }) => ({ ...manifest, parts: [] }), /manifest is damaged/],
  [
    'that says it has more pictures',
    ({ manifest }) => ({ ...manifest, snapshot: { ...manifest.snapshot, images: 4 } }),
    /says 4 pictures and has 3/,
  ],
  [
    'that says it has fewer products',
    ({ manifest }) => ({ ...manifest, snapshot: { ...manifest.snapshot, products: 2 } }),
    /says 2 products and has 3/,
  ],
  [
    'with a part of absurd size',
    ({ manifest }) => ({ ...manifest, parts: manifest.parts.map((part) => ({ ...part, bytes: 1e12 })) }),
    /manifest is damaged/,
  ],
  [
    'with more rows in a part than may be',
    ({ manifest }) => ({ ...manifest, parts: manifest.parts.map((part) => ({ ...part, rows: 1e9 })) }),
    /manifest is damaged/,
  ],
  [
    'with a part larger than it says',
    ({ manifest }) => ({ ...manifest, parts: manifest.parts.map((part) => ({ ...part, bytes: 100 })) }),
    /is too large/,
  ],
  [
    'that names a part twice',
    ({ manifest }) => ({ ...manifest, parts: [...manifest.parts, ...manifest.parts] }),
    /names a part twice/,
  ],
  [
    'with a part that is not there',
    ({ manifest }) => {
      const parts = [...manifest.parts, { ...manifest.parts[0], name: 'images/00001.arrow' }];
      return { ...manifest, parts };
    },
    /00001.arrow is missing/,
  ],
  [
    'with a part outside of itself',
    ({ manifest }) => ({ ...manifest, parts: manifest.parts.map((part) => ({ ...part, name: '../x' })) }),
    /manifest is damaged/,
  ],
])('a pack %s', async (_, edit, why) => {
  const here = await packAndStore();
  const pack = await unpack(here.path);
  await repack(here.path, edit(pack), pack.files);
  await expectRefused(here, why);
});

test.each<[string, string, RegExp]>([
  ['climbs out', '../../../../x.arro', /relative path/],
  ['is absolute', '/etc/cron.d/x.arro', /absolute path/],
  ['is on a drive', 'C:/Windows/x.arrow', /absolute path/],
  ['climbs out as on Windows', '..\\..\\..\\..\\x.arro', /invalid characters/],
  ['is none of a pack', 'images/run-me.exes', /does not belong there/],
  ['is a folder', 'images/0000.arrow/', /does not belong there/],
])('a pack with a file whose name %s', async (_, name, why) => {
  const here = await packAndStore();
  const { manifest, files } = await unpack(here.path);
  await repack(here.path, manifest, [...files, ['images/00001.arrow', Buffer.from('x')]]);
  await overwrite(here.path, 'images/00001.arrow', name);
  await expectRefused(here, why);
});

test('a pack with a file that its manifest does not name', async () => {
  const here = await packAndStore();
  const { manifest, files } = await unpack(here.path);
  await repack(here.path, manifest, [...files, ['images/00001.arrow', Buffer.from('x')]]);
  await expectRefused(here, /does not name images\/00001.arrow/);
});

test('a pack with two files of one name', async () => {
  const here = await packAndStore();
  const { manifest, files } = await unpack(here.path);
  await repack(here.path, manifest, [...files, ...files]);
  await expectRefused(here, /has images\/00000.arrow twice/);
});

test('a pack without a manifest', async () => {
  const here = await packAndStore();
  await repack(here.path, null, (await unpack(here.path)).files);
  await expectRefused(here, /manifest.json is missing/);
});

test('a pack with a link in it', async () => {
  const here = await packAndStore();
  const { manifest, files } = await unpack(here.path);
  await repack(here.path, manifest, files, { compress: false, mode: 0o120777 });
  await expectRefused(here, /is a link/);
});

test('a pack that is compressed, and so could be a bomb', async () => {
  const here = await packAndStore();
  const { manifest, files } = await unpack(here.path);
  files.set(PART, Buffer.alloc(50_000_000));
  await repack(here.path, manifest, files, { compress: true });
  expect((await readFile(here.path)).length).toBeLessThan(1_000_000);
  await expectRefused(here, /is compressed/);
});

test('a pack whose file says it is larger than the pack', async () => {
  const here = await packAndStore();
  const { files } = await unpack(here.path);
  const size = Buffer.alloc(4);
  size.writeUInt32LE(files.get(PART)?.length ?? 0);
  const lie = Buffer.alloc(4);
  lie.writeUInt32LE(2_000_000_000);
  await overwrite(here.path, size.toString('latin1'), lie.toString('latin1'));
  await expectRefused(here, /larger than itself/);
});

test('a pack that says it has billions of files', async () => {
  const here = await packAndStore();
  const bytes = await readFile(here.path);
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  bytes.writeUInt16LE(60_000, end + 8);
  bytes.writeUInt16LE(60_000, end + 10);
  await writeFile(here.path, bytes);
  await expectRefused(here, /60000 files/);
});

test('what is not a pack at all', async () => {
  const here = await packAndStore();
  const dir = join(here.folder, '..', 'a-folder');
  await mkdir(dir);
  const files: [string, Buffer | null][] = [
    ['empty', Buffer.alloc(0)],
    ['page', Buffer.from('<!doctype html><title>Sign in</title>'.repeat(100))],
    ['missing', null],
  ];
  for (const [name, bytes] of files) {
    const path = join(here.folder, '..', name);
    if (bytes) await writeFile(path, bytes);
    await expectRefused({ ...here, path }, /could not be opened/);
  }
  await expectRefused({ ...here, path: dir }, /could not be opened/);
});

/** Forged rows by someone who knows the format and makes all hashes agree. */
test.each<[string, (rows: CatalogRow[]) => CatalogRow[], RegExp]>([
  ['a vector with a hole', changed(({ content }) => content.vector.fill(Number.NaN)), /not finite/],
  ['an endless vector', changed(({ content }) => content.vector.fill(Infinity)), /not finite/],
  ['a vector of no length', changed(({ content }) => content.vector.fill(0)), /vector of length 0/],
  ['a vector that wins always', changed(({ content }) => content.vector.fill(9)), /vector of length/],
  ['colours with a hole', changed(({ content }) => content.colorSignature.fill(Number.NaN)), /not finite/],
  ['a script as a link', changed(({ row }) => Object.assign(row, { url: 'javascript:alert(1)' })), /url/i],
  [
    'a key that is another product',
    changed(({ row }) => Object.assign(row, { key: 'p1#0' })),
    /the key p1#0/,
  ],
  ['a hash that is a path', changed(({ row }) => Object.assign(row, { imageHash: '../../x' })), /imageHash/],
  ['an endless price', changed(({ row }) => Object.assign(row, { price: Infinity })), /price/],
  [
    'a text without end',
    changed(({ row }) => Object.assign(row, { title: 'x'.repeat(1e6) })),
    /too much text/,
  ],
  ['an unknown availability', changed(({ row }) => Object.assign(row, { availability: 'soon' })), /availab/],
  [
    'a thumbnail that is a page',
    changed(({ content }) => Object.assign(content, { thumbnail: Buffer.from('<svg onload=alert(1)>') })),
    /not WebP/,
  ],
  [
    'a thumbnail as large as a film',
    changed(({ content }) => Object.assign(content, { thumbnail: Buffer.alloc(1e6, 'RIFF0000WEBP') })),
    /too large/,
  ],
  ['one row twice', ([first, ...rest]) => (first ? [first, first, ...rest.slice(1)] : []), /has p0#0 twice/],
])('a well-made pack with %s', async (_, edit, why) => {
  const here = await packAndStore();
  const pack = await unpack(here.path);
  reseal(pack, encodeRows(edit(range(3).map((seed) => testRow(seed))), MODEL.dim, new Set()));
  await repack(here.path, pack.manifest, pack.files);
  await expectRefused(here, why);
});

function changed(edit: (row: CatalogRow) => unknown): (rows: CatalogRow[]) => CatalogRow[] {
  return (rows) => {
    for (const row of rows.slice(0, 1)) edit(row);
    return rows;
  };
}

test.each<[string, (rows: Uint8Array) => Uint8Array, RegExp]>([
  ['no Arrow in its part', () => Buffer.from('nothing of the kind'), /holds what a catalog cannot/],
  ['nothing in its part but a beginning', (bytes) => bytes.slice(0, 3000), /holds what a catalog cannot/],
  [
    'fewer rows than it says',
    () => encodeRows([testRow(0), testRow(1)], MODEL.dim, new Set()),
    /2 rows instead of 3/,
  ],
  [
    'vectors of another length',
    () =>
      encodeRows(
        range(3).map((n) => testRow(n, {}, 4)),
        4,
        new Set(),
      ),
    /a list of another length/,
  ],
  [
    'other columns',
    () => tableToIPC(new Table({ x: vectorFromArray(['1', '2', '3'], new Utf8()) }), 'stream'),
    /columns x: Utf8/,
  ],
  [
    'a hole where a vector should be',
    (bytes) => {
      const table = tableFromIPC(bytes);
      const columns = table.schema.fields.map(({ name }) => [name, table.getChild(name)]);
      const holes = vectorFromArray([null, null, null], new Binary());
      return tableToIPC(new Table({ ...Object.fromEntries(columns), vector: holes }), 'stream');
    },
    /a list of another length/,
  ],
])('a well-made pack with %s', async (_, edit, why) => {
  const here = await packAndStore();
  const pack = await unpack(here.path);
  const bytes = edit(
    encodeRows(
      range(3).map((seed) => testRow(seed)),
      MODEL.dim,
      new Set(),
    ),
  );
  reseal(pack, bytes);
  await repack(here.path, pack.manifest, pack.files);
  await expectRefused(here, why);
});
