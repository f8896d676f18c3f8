import { backpack } from '../garments/backpack.ts';
import { handbag } from '../garments/handbag.ts';
import { type Design, designs } from './design.ts';

const handbags = designs('Handbags', 'all year', [
  [
    'Canvas tote',
    'Tarn & Tide',
    69,
    handbag({ cut: 'tote' }),
    'solid',
    'canvas',
    [
      ['oat', 'tobacco'],
      ['navy', 'camel'],
      ['sage', 'tobacco'],
    ],
  ],
  [
    'Striped tote',
    'Tarn & Tide',
    75,
    handbag({ cut: 'tote' }),
    'wide stripe',
    'canvas',
    [
      ['chalk', 'cobalt'],
      ['mustard', 'burgundy'],
    ],
  ],
  [
    'Satchel',
    'Aldermoor',
    219,
    handbag({ cut: 'satchel' }),
    'solid',
    'leather',
    [
      ['burgundy', 'burgundy'],
      ['camel', 'tobacco'],
      ['ink', 'ink'],
    ],
  ],
  [
    'Bucket bag',
    'Maison Ovelle',
    179,
    handbag({ cut: 'bucket' }),
    'solid',
    'leather',
    [
      ['terracotta', 'tobacco'],
      ['chalk', 'camel'],
    ],
  ],
  [
    'Crossbody bag',
    'Maison Ovelle',
    139,
    handbag({ cut: 'crossbody' }),
    'solid',
    'leather',
    [
      ['forest', 'forest'],
      ['blush', 'camel'],
      ['lilac', 'lilac'],
    ],
  ],
  [
    'Baguette bag',
    'Oriel',
    149,
    handbag({ cut: 'baguette' }),
    'houndstooth',
    'wool blend',
    [
      ['chalk', 'ink'],
      ['camel', 'tobacco'],
    ],
  ],
  [
    'Bowling bag',
    'Lundmark Studio',
    199,
    handbag({ cut: 'bowling' }),
    'colour block',
    'leather',
    [
      ['teal', 'navy'],
      ['raspberry', 'blush'],
    ],
  ],
]);

const backpacks = designs('Backpacks', 'all year', [
  [
    'Daypack',
    'Lundmark Studio',
    89,
    backpack({ cut: 'dome', pocket: 'zip' }),
    'solid',
    'recycled nylon',
    [
      ['teal', 'ink'],
      ['mustard', 'ink'],
      ['ink', 'stone'],
    ],
  ],
  [
    'Roll-top pack',
    'Fenwright',
    129,
    backpack({ cut: 'rolltop', pocket: 'none' }),
    'solid',
    'canvas',
    [
      ['forest', 'camel'],
      ['stone', 'ink'],
      ['terracotta', 'tobacco'],
    ],
  ],
  [
    'Field rucksack',
    'Fenwright',
    139,
    backpack({ cut: 'flap', pocket: 'two' }),
    'solid',
    'canvas',
    [
      ['olive', 'tobacco'],
      ['navy', 'camel'],
    ],
  ],
  [
    'Square pack',
    'Kestrel Row',
    95,
    backpack({ cut: 'square', pocket: 'zip' }),
    'solid',
    'recycled nylon',
    [
      ['raspberry', 'navy'],
      ['sky', 'camel'],
    ],
  ],
  [
    'Printed daypack',
    'Oriel',
    85,
    backpack({ cut: 'dome', pocket: 'none' }),
    'floral',
    'canvas',
    [
      ['lilac', 'chalk'],
      ['burgundy', 'blush'],
    ],
  ],
]);

export const BAGS: readonly Design[] = [...handbags, ...backpacks];
