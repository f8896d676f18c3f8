import { dress } from '../garments/dress.ts';
import { skirt } from '../garments/skirt.ts';
import { type Design, designs } from './design.ts';

const skirts = designs('Skirts', 'spring', [
  [
    'Pleated midi skirt',
    'Maison Ovelle',
    99,
    skirt({ cut: 'a-line', length: 'midi', pleats: true }),
    'tartan',
    'wool blend',
    [
      ['forest', 'navy'],
      ['camel', 'burgundy'],
    ],
  ],
  [
    'Wrap skirt, dots',
    'Oriel',
    69,
    skirt({ cut: 'wrap', length: 'knee' }),
    'dots',
    'viscose',
    [
      ['blush', 'burgundy'],
      ['ink', 'chalk'],
    ],
  ],
  [
    'Pencil skirt',
    'Aldermoor',
    75,
    skirt({ cut: 'pencil', length: 'knee' }),
    'solid',
    'wool blend',
    [
      ['stone', 'ink'],
      ['raspberry', 'ink'],
    ],
    'slim',
  ],
  [
    'Circle skirt',
    'Maison Ovelle',
    89,
    skirt({ cut: 'circle', length: 'knee' }),
    'floral',
    'cotton poplin',
    [
      ['sky', 'navy'],
      ['mustard', 'terracotta'],
    ],
  ],
  [
    'Buttoned denim skirt',
    'Kestrel Row',
    65,
    skirt({ cut: 'a-line', length: 'mini', buttons: true }),
    'solid',
    'denim',
    [
      ['navy', 'camel'],
      ['chalk', 'camel'],
    ],
  ],
  [
    'Tiered midi skirt',
    'Oriel',
    85,
    skirt({ cut: 'circle', length: 'midi', tiers: true }),
    'solid',
    'linen',
    [
      ['terracotta', 'oat'],
      ['sage', 'oat'],
    ],
  ],
]);

const dresses = designs('Dresses', 'summer', [
  [
    'Belted tea dress',
    'Maison Ovelle',
    129,
    dress({ neck: 'v', sleeve: 'short', skirt: 'full', length: 'midi', waist: 'belt' }),
    'floral',
    'viscose',
    [
      ['raspberry', 'oat'],
      ['forest', 'blush'],
      ['chalk', 'cobalt'],
    ],
  ],
  [
    'Tiered sundress',
    'Oriel',
    89,
    dress({ neck: 'straps', sleeve: 'none', skirt: 'a-line', length: 'knee', waist: 'seam', tiers: true }),
    'solid',
    'linen',
    [
      ['sage', 'oat'],
      ['terracotta', 'oat'],
      ['sky', 'chalk'],
    ],
  ],
  [
    'Shirt dress',
    'Aldermoor',
    119,
    dress({ neck: 'v', sleeve: 'long', skirt: 'a-line', length: 'knee', waist: 'belt', buttons: true }),
    'pinstripe',
    'cotton poplin',
    [
      ['chalk', 'navy'],
      ['olive', 'oat'],
    ],
  ],
  [
    'Shift dress',
    'Lundmark Studio',
    95,
    dress({ neck: 'round', sleeve: 'none', skirt: 'straight', length: 'mini', waist: 'none' }),
    'colour block',
    'wool blend',
    [
      ['ink', 'chalk'],
      ['mustard', 'burgundy'],
      ['cobalt', 'blush'],
    ],
  ],
  [
    'Square-neck midi dress',
    'Maison Ovelle',
    139,
    dress({ neck: 'square', sleeve: 'short', skirt: 'full', length: 'midi', waist: 'seam' }),
    'gingham',
    'cotton poplin',
    [
      ['chalk', 'raspberry'],
      ['sage', 'forest'],
    ],
  ],
  [
    'Slip dress',
    'Maison Ovelle',
    149,
    dress({ neck: 'straps', sleeve: 'none', skirt: 'straight', length: 'midi', waist: 'none' }),
    'solid',
    'silk',
    [
      ['burgundy', 'ink'],
      ['oat', 'camel'],
    ],
    'slim',
  ],
  [
    'Knitted dress',
    'Fenwright',
    129,
    dress({ neck: 'round', sleeve: 'long', skirt: 'straight', length: 'knee', waist: 'none' }),
    'stripe',
    'ribbed cotton',
    [
      ['camel', 'chalk'],
      ['navy', 'raspberry'],
    ],
    'slim',
  ],
]);

export const DRESSES: readonly Design[] = [...skirts, ...dresses];
