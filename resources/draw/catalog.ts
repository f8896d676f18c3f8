/** The range as products, with names, prices and pictures. */
import type { Fabric } from './cloth.ts';
import { PALETTE } from './palette.ts';
import { hash } from './random.ts';
import { ACCESSORIES } from './range/accessories.ts';
import { BAGS } from './range/bags.ts';
import { BOTTOMS } from './range/bottoms.ts';
import { type Design, MATERIALS } from './range/design.ts';
import { DRESSES } from './range/dresses.ts';
import { FOOTWEAR } from './range/footwear.ts';
import { KNITWEAR } from './range/knitwear.ts';
import { OUTERWEAR } from './range/outerwear.ts';
import { SHIRTS } from './range/shirts.ts';
import { photograph, type Shot } from './studio.ts';

export interface Product {
  readonly id: string;
  readonly design: Design;
  readonly fabric: Fabric;
  readonly groupId: string;
  readonly shots: readonly Shot[];
}

/** The framing of each category: its zoom, and the centre of the close-up. */
const FRAMING: Readonly<Record<string, { zoom: number; detail: readonly [x: number, y: number] }>> = {
  'T-shirts': { zoom: 1.08, detail: [0, -96] },
  'Polo shirts': { zoom: 1.08, detail: [0, -110] },
  Shirts: { zoom: 1.07, detail: [20, -104] },
  Sweaters: { zoom: 1.1, detail: [0, -110] },
  Cardigans: { zoom: 1.1, detail: [0, -60] },
  Hoodies: { zoom: 1.03, detail: [0, -120] },
  Coats: { zoom: 1, detail: [0, -130] },
  'Puffer jackets': { zoom: 1.04, detail: [20, -90] },
  Blazers: { zoom: 1.14, detail: [0, -80] },
  Jackets: { zoom: 1.14, detail: [0, -80] },
  Trousers: { zoom: 1, detail: [10, -170] },
  Shorts: { zoom: 1.25, detail: [10, -70] },
  Skirts: { zoom: 1, detail: [10, -70] },
  Dresses: { zoom: 1, detail: [0, -150] },
  Sneakers: { zoom: 1.1, detail: [-40, 90] },
  Boots: { zoom: 1, detail: [10, 60] },
  Handbags: { zoom: 1, detail: [0, 80] },
  Backpacks: { zoom: 1, detail: [0, 20] },
  Hats: { zoom: 1.04, detail: [0, -10] },
  Scarves: { zoom: 1.04, detail: [0, 20] },
};

function shotsOf(design: Design, seed: number): Shot[] {
  const { zoom, detail } = FRAMING[design.category] ?? { zoom: 1, detail: [0, 0] as const };
  const centre = [0, 0] as const;
  const back = seed % 2 === 0;
  const shots: Shot[] = [
    { view: { back: false, pose: 0 }, turn: 0, zoom, centre },
    { view: { back, pose: back ? 0.25 : 0.8 }, turn: back ? 3 : -7, zoom: zoom * 0.95, centre },
  ];
  if (seed % 5 === 0)
    shots.push({ view: { back: false, pose: 0 }, turn: -6, zoom: zoom * 2, centre: detail });
  return shots;
}

function productsOf(design: Design, index: number): Product[] {
  const groupId = String(40101 + index * 16);
  return design.colourways.map(([main, accent], i) => {
    const id = `${groupId}-${PALETTE[main].code}`;
    const seed = hash(id) % 100_000;
    const fabric: Fabric = {
      main: PALETTE[main],
      accent: PALETTE[accent],
      pattern: design.pattern,
      weave: MATERIALS[design.material],
      seed,
    };
    return { id, design, fabric, groupId, shots: shotsOf(design, index + i) };
  });
}

export const PRODUCTS: readonly Product[] = [
  ...SHIRTS,
  ...KNITWEAR,
  ...OUTERWEAR,
  ...BOTTOMS,
  ...DRESSES,
  ...FOOTWEAR,
  ...BAGS,
  ...ACCESSORIES,
].flatMap(productsOf);

/** The product with this id. Throws RangeError when there is none. */
export function productById(id: string): Product {
  const product = PRODUCTS.find((p) => p.id === id);
  if (!product) throw new RangeError(`No product ${id}`);
  return product;
}

export const imageName = (product: Product, shot: number): string =>
  `${product.id.toLowerCase()}-${shot + 1}.webp`;

/** The pictures of a product as SVG documents, in the order of its `shots`. */
export const drawProduct = (product: Product): string[] =>
  product.shots.map((shot) => photograph(product.design.garment, product.fabric, shot));

function availability(seed: number): string {
  if (seed % 11 === 0) return 'preorder';
  return seed % 7 === 0 ? 'out of stock' : 'in stock';
}

/** The feed document, format v1. */
export function feed(): unknown {
  const products = PRODUCTS.map((p) => ({
    id: p.id,
    title: p.design.title,
    images: p.shots.map((_, i) => `images/${imageName(p, i)}`),
    price: p.design.price,
    currency: 'EUR',
    category: p.design.category,
    brand: p.design.brand,
    color: p.fabric.main.name,
    url: `https://example.com/p/${p.id.toLowerCase()}`,
    availability: availability(p.fabric.seed),
    groupId: p.groupId,
    attributes: {
      material: p.design.material,
      pattern: p.design.pattern,
      fit: p.design.fit,
      season: p.design.season,
    },
  }));
  return { version: 1, name: 'Sample catalog', products };
}
