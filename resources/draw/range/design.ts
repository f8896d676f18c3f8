import type { Garment } from '../cloth.ts';
import type { ColourName } from '../palette.ts';
import type { PatternName, WeaveName } from '../patterns.ts';

type Brand =
  | 'Aldermoor'
  | 'Tarn & Tide'
  | 'Maison Ovelle'
  | 'Lundmark Studio'
  | 'Kestrel Row'
  | 'Fenwright'
  | 'Oriel';

/** The names of the cloths, and their weaves. */
export const MATERIALS = {
  'cotton jersey': 'jersey',
  'organic cotton': 'jersey',
  'brushed fleece': 'jersey',
  'cotton piqué': 'wool',
  'cotton poplin': 'smooth',
  viscose: 'smooth',
  silk: 'smooth',
  linen: 'twill',
  'merino wool': 'knit',
  lambswool: 'knit',
  'cable wool': 'cable',
  'ribbed cotton': 'rib',
  'wool blend': 'wool',
  tweed: 'wool',
  'cotton twill': 'twill',
  denim: 'twill',
  corduroy: 'cord',
  'recycled nylon': 'smooth',
  leather: 'leather',
  suede: 'jersey',
  canvas: 'twill',
  mesh: 'knit',
} as const satisfies Record<string, WeaveName>;
type Material = keyof typeof MATERIALS;

/** One design of the range, made in one or more colourways. */
export interface Design {
  readonly category: string;
  readonly season: 'spring' | 'summer' | 'autumn' | 'winter' | 'all year';
  readonly title: string;
  readonly brand: Brand;
  readonly price: number;
  readonly garment: Garment;
  readonly pattern: PatternName;
  readonly material: Material;
  /** Main colour and second colour of each colourway. */
  readonly colourways: readonly (readonly [ColourName, ColourName])[];
  readonly fit: string;
}

type Row = readonly [
  title: string,
  brand: Brand,
  price: number,
  garment: Garment,
  pattern: PatternName,
  material: Material,
  colourways: Design['colourways'],
  fit?: string,
];

/** The designs of one category. */
export function designs(category: string, season: Design['season'], rows: readonly Row[]): Design[] {
  return rows.map(([title, brand, price, garment, pattern, material, colourways, fit = 'regular']) => ({
    category,
    season,
    title,
    brand,
    price,
    garment,
    pattern,
    material,
    colourways,
    fit,
  }));
}
