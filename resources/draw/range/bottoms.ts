import { trousers } from '../garments/trousers.ts';
import { type Design, designs } from './design.ts';

const legs = designs('Trousers', 'all year', [
  [
    'Straight jeans',
    'Kestrel Row',
    89,
    trousers({ leg: 'straight', length: 'full', waist: 'button', pockets: 'jeans', turnUp: true }),
    'solid',
    'denim',
    [
      ['navy', 'stone'],
      ['sky', 'stone'],
      ['ink', 'stone'],
    ],
  ],
  [
    'Flared cord trousers',
    'Oriel',
    95,
    trousers({ leg: 'flared', length: 'full', waist: 'button', pockets: 'jeans' }),
    'solid',
    'corduroy',
    [
      ['tobacco', 'oat'],
      ['burgundy', 'oat'],
      ['teal', 'oat'],
    ],
    'flared',
  ],
  [
    'Wide pleated trousers',
    'Maison Ovelle',
    129,
    trousers({ leg: 'wide', length: 'cropped', waist: 'pleated', pockets: 'slant' }),
    'solid',
    'viscose',
    [
      ['oat', 'tobacco'],
      ['lilac', 'navy'],
      ['forest', 'ink'],
    ],
    'wide',
  ],
  [
    'Checked tailored trousers',
    'Aldermoor',
    119,
    trousers({ leg: 'slim', length: 'full', waist: 'pleated', pockets: 'slant' }),
    'windowpane',
    'wool blend',
    [
      ['stone', 'ink'],
      ['camel', 'burgundy'],
    ],
    'slim',
  ],
  [
    'Cargo trousers',
    'Tarn & Tide',
    99,
    trousers({ leg: 'straight', length: 'full', waist: 'button', pockets: 'cargo' }),
    'solid',
    'cotton twill',
    [
      ['olive', 'tobacco'],
      ['chalk', 'stone'],
    ],
  ],
  [
    'Sweatpants',
    'Lundmark Studio',
    69,
    trousers({ leg: 'tapered', length: 'full', waist: 'drawstring', pockets: 'slant' }),
    'solid',
    'brushed fleece',
    [
      ['blush', 'burgundy'],
      ['cobalt', 'chalk'],
    ],
    'tapered',
  ],
]);

const shorts = designs('Shorts', 'summer', [
  [
    'Drawstring shorts',
    'Lundmark Studio',
    45,
    trousers({ leg: 'wide', length: 'short', waist: 'drawstring', pockets: 'slant' }),
    'solid',
    'brushed fleece',
    [
      ['lilac', 'chalk'],
      ['ink', 'chalk'],
      ['mustard', 'chalk'],
    ],
  ],
  [
    'Chino shorts',
    'Fenwright',
    55,
    trousers({ leg: 'straight', length: 'knee', waist: 'button', pockets: 'slant', turnUp: true }),
    'solid',
    'cotton twill',
    [
      ['oat', 'tobacco'],
      ['navy', 'chalk'],
      ['terracotta', 'oat'],
    ],
  ],
  [
    'Gingham shorts',
    'Oriel',
    49,
    trousers({ leg: 'wide', length: 'short', waist: 'button', pockets: 'slant' }),
    'gingham',
    'cotton poplin',
    [
      ['chalk', 'forest'],
      ['sky', 'navy'],
    ],
  ],
  [
    'Striped beach shorts',
    'Tarn & Tide',
    42,
    trousers({ leg: 'straight', length: 'short', waist: 'drawstring', pockets: 'slant' }),
    'pinstripe',
    'linen',
    [
      ['chalk', 'terracotta'],
      ['teal', 'chalk'],
    ],
  ],
  [
    'Denim shorts',
    'Kestrel Row',
    52,
    trousers({ leg: 'straight', length: 'knee', waist: 'button', pockets: 'cargo' }),
    'solid',
    'denim',
    [
      ['sky', 'stone'],
      ['sage', 'forest'],
    ],
  ],
]);

export const BOTTOMS: readonly Design[] = [...legs, ...shorts];
