import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { z } from 'zod';
import { linesOfTable } from './table.ts';

/** One photo of a labelled set. */
export interface LabelledPhoto {
  /** Absolute path. */
  path: string;
  productId: string;
  /** The design, in all its colours and sizes; null where the set does not tell. */
  groupId: string | null;
  category: string | null;
  color: string | null;
}

/** Photos with known answers. */
export interface LabelledSet {
  name: string;
  gallery: LabelledPhoto[];
  /** When there are none, queries are made from the gallery, and the report says so. */
  queries: LabelledPhoto[];
  /** Parts of the manifest that could not be used, and why. */
  leftOut: string[];
}

const TABLE = /\.(csv|tsv)$/i;

/** Errors that are listed at once. If the file is no manifest at all, more would not help. */
const MOST_ERRORS = 10;

const id = z.union([z.string(), z.number()]).transform((value) => String(value).trim());
const label = z
  .union([z.string(), z.number()])
  .nullish()
  .transform((value) => String(value ?? '').trim() || null);

const line = z
  .object({
    file: z.string().min(1),
    productId: id.nullish(),
    groupId: id.nullish(),
    category: label,
    color: label,
    split: z.enum(['query', 'gallery']).nullish(),
  })
  .transform(({ productId, groupId, ...photo }, context) => {
    const known = productId || groupId;
    if (known) return { ...photo, productId: known, groupId: (productId && groupId) || null };
    context.addIssue({ code: 'custom', message: 'Neither productId nor groupId' });
    return z.NEVER;
  });

/**
 * Reads a manifest: one JSON object a line (`line` above), or a table (`.csv`, `.tsv`; see `linesOfTable`), with paths relative
 * to the manifest or absolute. A line whose file does not exist is left out.
 * @throws Error naming the invalid lines
 */
export async function readManifest(path: string): Promise<LabelledSet> {
  const folder = dirname(path);
  const set: LabelledSet = { name: basename(folder), gallery: [], queries: [], leftOut: [] };
  const errors: string[] = [];
  const text = await readFile(path, 'utf8');
  const lines = TABLE.test(path) ? linesOfTable(text) : linesOfJson(text);
  for (const { at, json } of lines) {
    const where = `${basename(path)}, line ${at}`;
    const parsed = line.safeParse(json);
    if (!parsed.success) errors.push(`${where}: ${json === null ? 'not JSON' : reasons(parsed.error)}`);
    if (!parsed.success) continue;
    const { file, split, ...labels } = parsed.data;
    const photo = { path: resolve(folder, file), ...labels };
    if (await isFile(photo.path)) set[split === 'query' ? 'queries' : 'gallery'].push(photo);
    else set.leftOut.push(`${where}: there is no file ${file}`);
  }
  if (errors.length > MOST_ERRORS)
    errors.splice(MOST_ERRORS, Infinity, `and ${errors.length - MOST_ERRORS} more`);
  if (errors.length > 0) throw new Error(errors.join('\n'));
  if (set.gallery.length === 0) {
    throw new Error(
      [`${path} names no photo for the catalog.`, ...set.leftOut.slice(0, MOST_ERRORS)].join('\n'),
    );
  }
  return set;
}

/** Numbered from 1. What is not JSON is null. */
function linesOfJson(text: string): { at: number; json: unknown }[] {
  return text
    .split('\n')
    .map((each, i) => ({ at: i + 1, text: each.trim() }))
    .filter((each) => each.text !== '')
    .map((each) => ({ at: each.at, json: parseJson(each.text) }));
}

function reasons({ issues }: z.ZodError): string {
  return issues.map(({ path, message }) => [...path, message].join(': ')).join('; ');
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (info) => info.isFile(),
    () => false,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const feed = z.object({
  products: z.array(
    z.object({
      id: z.string(),
      groupId: z.string(),
      images: z.array(z.string()),
      category: z.string(),
      color: z.string(),
    }),
  ),
});
const customerPhotos = z.array(z.object({ file: z.string(), productId: z.string() }));

/** The catalog that this project draws, with its customer photos. */
export async function sampleCatalog(): Promise<LabelledSet> {
  const folder = resolve(import.meta.dirname, '../../resources/sample-catalog');
  const read = async (name: string) => parseJson(await readFile(resolve(folder, name), 'utf8'));
  const { products } = feed.parse(await read('feed.json'));
  const gallery = products.flatMap(({ id, groupId, images, category, color }) =>
    images.map((image) => ({ path: resolve(folder, image), productId: id, groupId, category, color })),
  );
  const labels = new Map(gallery.map((photo) => [photo.productId, photo]));
  const queries = customerPhotos.parse(await read('queries/queries.json')).map(({ file, productId }) => ({
    path: resolve(folder, 'queries', file),
    productId,
    groupId: labels.get(productId)?.groupId ?? null,
    category: labels.get(productId)?.category ?? null,
    color: labels.get(productId)?.color ?? null,
  }));
  return { name: 'sample-catalog (drawn)', gallery, queries, leftOut: [] };
}

/** Makes each product's later photos queries, and keeps only its first photo in the gallery. */
export function otherViews(set: LabelledSet): LabelledSet {
  const seen = new Set<string>();
  const gallery: LabelledPhoto[] = [];
  const queries: LabelledPhoto[] = [];
  for (const photo of set.gallery) {
    (seen.has(photo.productId) ? queries : gallery).push(photo);
    seen.add(photo.productId);
  }
  return { ...set, name: `${set.name}, other views`, gallery, queries };
}

/** The catalog without every other product, by a hash of its id: photos of those left out show products that are absent. */
export function absentHalf(set: LabelledSet): LabelledSet {
  const isKept = ({ productId }: LabelledPhoto) =>
    (createHash('sha256').update(productId).digest()[0] ?? 0) % 2 === 0;
  return { ...set, name: `${set.name}, absent half`, gallery: set.gallery.filter(isKept) };
}

/** The labels of each product: for each label, the first of its photos that has it. */
export type Labels = ReadonlyMap<string, LabelledPhoto>;

/** @param photos those of the catalog, so that each product there has its labels */
export function labelsOf(photos: readonly LabelledPhoto[]): Labels {
  const labels = new Map<string, LabelledPhoto>();
  for (const photo of photos) {
    const { groupId, category, color, ...first } = labels.get(photo.productId) ?? photo;
    const known = {
      groupId: groupId ?? photo.groupId,
      category: category ?? photo.category,
      color: color ?? photo.color,
    };
    labels.set(photo.productId, { ...first, ...known });
  }
  return labels;
}

/** What a result can be right in beside the product: its style, which is its group in one colour, and its group. */
export const LEVELS = {
  style: ({ groupId, color }: LabelledPhoto) =>
    groupId !== null && color !== null ? JSON.stringify([groupId, color.toLowerCase()]) : null,
  group: ({ groupId }: LabelledPhoto) => groupId,
} as const;
export type Level = keyof typeof LEVELS;
