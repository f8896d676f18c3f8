import { hoodie } from '../garments/hoodie.ts';
import { knit } from '../garments/knit.ts';
import { type Design, designs } from './design.ts';

const sweaters = designs('Sweaters', 'winter', [
  [
    'Fair Isle sweater',
    'Fenwright',
    129,
    knit({ fit: 'regular', neck: 'crew', yoke: true }),
    'solid',
    'lambswool',
    [
      ['oat', 'tobacco'],
      ['navy', 'chalk'],
      ['forest', 'mustard'],
    ],
  ],
  [
    'Cable roll-neck',
    'Aldermoor',
    149,
    knit({ fit: 'regular', neck: 'roll' }),
    'solid',
    'cable wool',
    [
      ['chalk', 'oat'],
      ['burgundy', 'tobacco'],
    ],
  ],
  [
    'V-neck sweater',
    'Maison Ovelle',
    110,
    knit({ fit: 'slim', neck: 'v' }),
    'solid',
    'merino wool',
    [
      ['stone', 'ink'],
      ['teal', 'ink'],
      ['camel', 'ink'],
    ],
    'slim',
  ],
  [
    'Striped crew sweater',
    'Tarn & Tide',
    99,
    knit({ fit: 'boxy', neck: 'crew' }),
    'wide stripe',
    'lambswool',
    [
      ['raspberry', 'blush'],
      ['chalk', 'cobalt'],
    ],
    'boxy',
  ],
  [
    'Chevron sweater',
    'Oriel',
    119,
    knit({ fit: 'regular', neck: 'crew' }),
    'chevron',
    'lambswool',
    [
      ['mustard', 'tobacco'],
      ['sage', 'chalk'],
    ],
  ],
  [
    'Block roll-neck',
    'Lundmark Studio',
    125,
    knit({ fit: 'long', neck: 'roll' }),
    'colour block',
    'merino wool',
    [
      ['lilac', 'burgundy'],
      ['ink', 'oat'],
    ],
    'long',
  ],
]);

const cardigans = designs('Cardigans', 'autumn', [
  [
    'Pocket cardigan',
    'Fenwright',
    115,
    knit({ fit: 'regular', neck: 'v', open: true }),
    'solid',
    'lambswool',
    [
      ['sage', 'tobacco'],
      ['tobacco', 'ink'],
      ['ink', 'stone'],
    ],
  ],
  [
    'Cable cardigan',
    'Aldermoor',
    139,
    knit({ fit: 'boxy', neck: 'crew', open: true }),
    'solid',
    'cable wool',
    [
      ['oat', 'tobacco'],
      ['cobalt', 'navy'],
    ],
    'boxy',
  ],
  [
    'Striped cardigan',
    'Tarn & Tide',
    109,
    knit({ fit: 'slim', neck: 'crew', open: true }),
    'stripe',
    'merino wool',
    [
      ['chalk', 'raspberry'],
      ['navy', 'sky'],
    ],
    'slim',
  ],
  [
    'Dotted cardigan',
    'Oriel',
    119,
    knit({ fit: 'long', neck: 'v', open: true }),
    'dots',
    'lambswool',
    [
      ['blush', 'burgundy'],
      ['forest', 'oat'],
    ],
    'long',
  ],
]);

const hoodies = designs('Hoodies', 'all year', [
  [
    'Heavy hoodie',
    'Kestrel Row',
    79,
    hoodie({ fit: 'regular', front: 'kangaroo' }),
    'solid',
    'brushed fleece',
    [
      ['stone', 'ink'],
      ['burgundy', 'chalk'],
      ['sage', 'forest'],
    ],
  ],
  [
    'Zip hoodie',
    'Kestrel Row',
    85,
    hoodie({ fit: 'slim', front: 'zip', lined: true }),
    'solid',
    'brushed fleece',
    [
      ['ink', 'mustard'],
      ['navy', 'sky'],
      ['chalk', 'terracotta'],
    ],
    'slim',
  ],
  [
    'Block hoodie',
    'Tarn & Tide',
    89,
    hoodie({ fit: 'boxy', front: 'kangaroo', lined: true }),
    'colour block',
    'brushed fleece',
    [
      ['cobalt', 'chalk'],
      ['olive', 'oat'],
      ['lilac', 'navy'],
    ],
    'boxy',
  ],
  [
    'Striped hoodie',
    'Oriel',
    82,
    hoodie({ fit: 'regular', front: 'kangaroo' }),
    'wide stripe',
    'cotton jersey',
    [
      ['mustard', 'chalk'],
      ['teal', 'blush'],
    ],
  ],
]);

export const KNITWEAR: readonly Design[] = [...sweaters, ...cardigans, ...hoodies];
