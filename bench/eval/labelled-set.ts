import { readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { z } from 'zod';

/** One photo of a labelled set. */
export interface LabelledPhoto {
  /** Absolute. */
  path: string;
  productId: string;
  category: string | null;
  color: string | null;
}

/** Photos with known answers. */
export interface LabelledSet {
  name: string;
  gallery: LabelledPhoto[];
  /** None: queries are made from the gallery, and the report says so. */
  queries: LabelledPhoto[];
}

const line = z
  .object({
    file: z.string().min(1),
    productId: z.coerce.string().min(1).optional(),
    groupId: z.coerce.string().min(1).optional(),
    category: z.string().nullish(),
    color: z.string().nullish(),
    split: z.enum(['query', 'gallery']).default('gallery'),
  })
  .transform(({ productId, groupId, ...photo }, context) => {
    const id = productId ?? groupId;
    if (id !== undefined) return { ...photo, productId: id };
    context.addIssue({ code: 'custom', message: 'neither productId nor groupId' });
    return z.NEVER;
  });

/**
 * Reads a manifest: one JSON object a line (`line` above), files relative to the manifest.
 * @throws Error naming the line that is not one
 */
export async function readManifest(path: string): Promise<LabelledSet> {
  const folder = dirname(path);
  const set: LabelledSet = { name: basename(folder), gallery: [], queries: [] };
  for (const [i, text] of (await readFile(path, 'utf8')).split('\n').entries()) {
    if (text.trim() === '') continue;
    const parsed = line.safeParse(parseJson(text));
    if (!parsed.success) throw new Error(`${path}, line ${i + 1}: ${z.prettifyError(parsed.error)}`);
    const { file, productId, category, color, split } = parsed.data;
    const photo = {
      path: resolve(folder, file),
      productId,
      category: category ?? null,
      color: color ?? null,
    };
    set[split === 'query' ? 'queries' : 'gallery'].push(photo);
  }
  if (set.gallery.length === 0) throw new Error(`${path} has no photo that is not a query.`);
  return set;
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
    z.object({ id: z.string(), images: z.array(z.string()), category: z.string(), color: z.string() }),
  ),
});
const customerPhotos = z.array(z.object({ file: z.string(), productId: z.string() }));

/** The catalog that the project draws, and its customer photos. */
export async function sampleCatalog(): Promise<LabelledSet> {
  const folder = resolve(import.meta.dirname, '../../resources/sample-catalog');
  const read = async (name: string) => parseJson(await readFile(resolve(folder, name), 'utf8'));
  const { products } = feed.parse(await read('feed.json'));
  const gallery = products.flatMap(({ id, images, category, color }) =>
    images.map((image) => ({ path: resolve(folder, image), productId: id, category, color })),
  );
  const labels = new Map(gallery.map((photo) => [photo.productId, photo]));
  const queries = customerPhotos.parse(await read('queries/queries.json')).map(({ file, productId }) => ({
    path: resolve(folder, 'queries', file),
    productId,
    category: labels.get(productId)?.category ?? null,
    color: labels.get(productId)?.color ?? null,
  }));
  return { name: 'sample-catalog (drawn)', gallery, queries };
}

/** Each product's later photos as queries, and only its first in the gallery. */
export function otherViews(set: LabelledSet): LabelledSet {
  const seen = new Set<string>();
  const gallery: LabelledPhoto[] = [];
  const queries: LabelledPhoto[] = [];
  for (const photo of set.gallery) {
    (seen.has(photo.productId) ? queries : gallery).push(photo);
    seen.add(photo.productId);
  }
  return { name: `${set.name}, other views`, gallery, queries };
}
