import { createHash } from 'node:crypto';
import { Catalog, type CatalogModel } from '../electron/engine/catalog/catalog.ts';
import {
  COLOR_SIGNATURE_LENGTH,
  type ImageContent,
  type ImageRow,
} from '../electron/engine/catalog/schema.ts';
import type { PhotoSource } from './photos.ts';
import { pick, seeded, unitNear } from './random.ts';

/** Real embeddings form clusters: kinds of garment, series of one photographer. */
const CENTRES = 300;
/** Gives two pictures of a cluster a cosine of about 0.75. */
const SPREAD = 0.045;
const THUMBNAILS = 64;
const ROWS_A_WRITE = 5000;

const CATEGORIES = [
  'dress',
  'shirt',
  'trousers',
  'skirt',
  'coat',
  'jacket',
  'knitwear',
  'shoes',
  'bag',
] as const;
const COLORS = ['black', 'white', 'navy', 'grey', 'red', 'green', 'beige', 'brown', 'pink', 'blue'] as const;
const MATERIALS = ['cotton', 'wool', 'linen', 'silk', 'polyester', 'leather', 'viscose'] as const;
const SEASONS = ['spring', 'summer', 'autumn', 'winter'] as const;

/** Thumbnails of photos, to fill catalogs with. */
export function someThumbnails(photos: PhotoSource): Promise<Uint8Array[]> {
  return Promise.all(Array.from({ length: THUMBNAILS }, (_, seed) => photos.thumbnail(seed)));
}

/** Publishes a catalog of products with one picture each, through the staging that an import uses. */
export async function fillCatalog(
  uri: string,
  model: CatalogModel,
  products: number,
  thumbnails: readonly Uint8Array[],
): Promise<void> {
  const random = seeded(1);
  const centres = Array.from({ length: CENTRES }, () => unitNear(new Float32Array(model.dim), 1, random));
  const catalog = await Catalog.open(uri, model);
  const staging = await catalog.stage();
  try {
    for (let from = 0; from < products; from += ROWS_A_WRITE) {
      const count = Math.min(ROWS_A_WRITE, products - from);
      const rows = Array.from({ length: count }, (_, i) => ({
        row: makeRow(from + i, random),
        content: makeContent(centres, thumbnails, random),
      }));
      await staging.write(rows);
    }
    await staging.publish('Bench', 'bench');
  } finally {
    await staging.close();
  }
}

function makeRow(n: number, random: () => number): ImageRow {
  const productId = `product-${n}`;
  const hash = createHash('sha256').update(productId).digest('hex');
  const category = pick(CATEGORIES, random);
  const color = pick(COLORS, random);
  return {
    key: `${productId}#0`,
    imageIndex: 0,
    uid: productId,
    source: '',
    styleId: productId,
    productId,
    sku: `SKU-${n}`,
    skuKey: `sku${n}`,
    size: null,
    stock: null,
    gtin: null,
    colorFrom: 'feed',
    title: `A ${color} ${category} number ${n}`,
    category,
    brand: `Brand ${Math.floor(random() * 40)}`,
    color,
    price: Math.round(random() * 20_000) / 100,
    currency: 'EUR',
    availability: pick(['in stock', 'out of stock', 'preorder'] as const, random),
    url: `https://shop.example/products/${n}`,
    groupId: null,
    attributes: {
      material: pick(MATERIALS, random),
      season: pick(SEASONS, random),
      description: `What a shop writes about a ${color} ${category}, in a sentence or two. Number ${n}.`,
    },
    imageRef: `https://shop.example/images/${n}.jpg`,
    imageValidator: null,
    imageHash: hash,
    rowHash: hash,
  };
}

function makeContent(
  centres: readonly Float32Array[],
  thumbnails: readonly Uint8Array[],
  random: () => number,
): ImageContent {
  return {
    vector: unitNear(pick(centres, random), SPREAD, random),
    colorSignature: makeColors(random),
    subjectColors: null,
    thumbnail: pick(thumbnails, random),
  };
}

/** A unit vector without negative numbers, a few of them large, like a histogram of colours. */
function makeColors(random: () => number): Float32Array {
  const colors = new Float32Array(COLOR_SIGNATURE_LENGTH);
  for (let n = 0; n < 12; n++) colors[Math.floor(random() * COLOR_SIGNATURE_LENGTH)] = random();
  const norm = Math.hypot(...colors);
  return colors.map((value) => value / norm);
}
