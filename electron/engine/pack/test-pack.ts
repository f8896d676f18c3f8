// Shared by the tests of packs: catalogs of made-up rows, and malformed packs.
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { openPromise } from 'yauzl';
import { type Options, ZipFile } from 'yazl';
import type { CatalogRow } from '../catalog/rows.ts';
import { rowsOf, syncRows } from '../catalog/test-rows.ts';
import { LiveCatalog } from '../snapshot/live-catalog.ts';
import type { PackParts } from './export.ts';
import { manifest as manifestSchema, type PackManifest, type PackModel } from './format.ts';

export const MODEL = { id: 'test', dim: 8, sha256: 'e'.repeat(64) };

/** What exporting and importing packs of a catalog needs. */
export function partsOf(catalog: LiveCatalog, model: PackModel = MODEL): PackParts {
  return { catalog, model, dataDir: dirname(catalog.uri) };
}

/** Runs a generator to its end and returns its report. */
export async function run<T>(steps: AsyncGenerator<unknown, T>): Promise<T> {
  let step = await steps.next();
  while (!step.done) step = await steps.next();
  return step.value;
}

/** The last progress of a generator. */
export async function lastOf<T>(steps: AsyncGenerator<T, unknown>): Promise<T | null> {
  let last: T | null = null;
  for await (const step of steps) last = step;
  return last;
}

/** A catalog with these rows, and a path for a pack of it. */
export async function publishedCatalog(folder: string, rows: readonly CatalogRow[]) {
  const catalog = await LiveCatalog.open(join(folder, 'catalog'), MODEL);
  await syncRows(catalog, rows);
  return { folder, catalog, path: join(folder, 'shop.lookalike-pack') };
}

/** The rows that readers see, as "id price", in order. */
export async function published(catalog: LiveCatalog): Promise<string[]> {
  const live = await catalog.liveInfo();
  const rows = live ? await rowsOf(catalog, live.version) : [];
  return rows.map(({ row }) => `${row.productId} ${row.price}`);
}

export interface PackFiles {
  manifest: PackManifest;
  /** All files but the manifest. */
  files: Map<string, Buffer>;
}

export async function unpack(path: string): Promise<PackFiles> {
  const zip = await openPromise(path);
  const files = new Map<string, Buffer>();
  for await (const entry of zip.eachEntry()) {
    files.set(entry.fileName, await buffer(await zip.openReadStreamPromise(entry)));
  }
  const manifest = manifestSchema.parse(JSON.parse(String(files.get('manifest.json'))));
  files.delete('manifest.json');
  return { manifest, files };
}

/** Replaces the rows of the first part and makes the hashes agree, as someone who knows the format would. */
export function reseal({ manifest, files }: PackFiles, bytes: Uint8Array, rows?: number): void {
  const [part] = manifest.parts;
  if (!part) throw new Error('a pack without parts');
  files.set(part.name, Buffer.from(bytes));
  part.bytes = bytes.length;
  part.sha256 = createHash('sha256').update(bytes).digest('hex');
  if (rows !== undefined) part.rows = rows;
}

/**
 * @param manifest as text, or as an object to be made text; null leaves it out
 * @param options how every entry but the manifest is written
 */
export async function repack(
  path: string,
  manifest: unknown,
  files: Iterable<[string, Buffer]>,
  options: Partial<Options> = { compress: false },
): Promise<void> {
  const zip = new ZipFile();
  for (const [name, bytes] of files) zip.addBuffer(bytes, name, options);
  const text = typeof manifest === 'string' ? manifest : JSON.stringify(manifest);
  if (manifest !== null) zip.addBuffer(Buffer.from(text), 'manifest.json', { compress: false });
  zip.end();
  await writeFile(path, zip.outputStream);
}

/** Replaces one text in the ZIP's bytes by another of the same length, everywhere. */
export async function overwrite(path: string, from: string, to: string): Promise<void> {
  if (from.length !== to.length) throw new Error('of the same length');
  const bytes = await readFile(path);
  await writeFile(path, bytes.toString('latin1').replaceAll(from, to), 'latin1');
}
