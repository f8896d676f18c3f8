import { beanie, cap } from '../garments/hat.ts';
import { scarf } from '../garments/scarf.ts';
import { type Design, designs } from './design.ts';

const hats = designs('Hats', 'all year', [
  [
    'Baseball cap',
    'Kestrel Row',
    35,
    cap({ cut: 'baseball', badge: 'square' }),
    'solid',
    'cotton twill',
    [
      ['cobalt', 'chalk'],
      ['camel', 'forest'],
      ['ink', 'raspberry'],
    ],
  ],
  [
    'Trucker cap',
    'Tarn & Tide',
    32,
    cap({ cut: 'trucker', badge: 'round' }),
    'solid',
    'mesh',
    [
      ['chalk', 'teal'],
      ['mustard', 'tobacco'],
    ],
  ],
  [
    'Five-panel cap, dots',
    'Oriel',
    38,
    cap({ cut: 'five-panel' }),
    'dots',
    'cotton poplin',
    [
      ['navy', 'chalk'],
      ['blush', 'raspberry'],
    ],
  ],
  [
    'Bucket hat',
    'Lundmark Studio',
    45,
    cap({ cut: 'bucket' }),
    'houndstooth',
    'tweed',
    [
      ['camel', 'ink'],
      ['chalk', 'teal'],
    ],
  ],
  [
    'Linen bucket hat',
    'Lundmark Studio',
    42,
    cap({ cut: 'bucket' }),
    'solid',
    'linen',
    [
      ['sage', 'forest'],
      ['terracotta', 'oat'],
    ],
  ],
  [
    'Bobble hat',
    'Fenwright',
    39,
    beanie({ cuff: 'deep', pompom: true }),
    'stripe',
    'lambswool',
    [
      ['lilac', 'chalk'],
      ['forest', 'oat'],
      ['raspberry', 'navy'],
    ],
  ],
  [
    'Ribbed beanie',
    'Aldermoor',
    35,
    beanie({ cuff: 'rolled' }),
    'solid',
    'ribbed cotton',
    [
      ['mustard', 'mustard'],
      ['stone', 'ink'],
      ['burgundy', 'burgundy'],
    ],
  ],
  [
    'Chevron beanie',
    'Oriel',
    38,
    beanie({ cuff: 'none' }),
    'chevron',
    'lambswool',
    [
      ['teal', 'chalk'],
      ['oat', 'terracotta'],
    ],
  ],
]);

const scarves = designs('Scarves', 'winter', [
  [
    'Tartan scarf',
    'Aldermoor',
    59,
    scarf({ wear: 'looped', fringe: true }),
    'tartan',
    'lambswool',
    [
      ['burgundy', 'navy'],
      ['forest', 'navy'],
      ['oat', 'camel'],
    ],
  ],
  [
    'Striped scarf',
    'Tarn & Tide',
    49,
    scarf({ wear: 'hanging', fringe: true }),
    'wide stripe',
    'lambswool',
    [
      ['navy', 'mustard'],
      ['blush', 'raspberry'],
    ],
  ],
  [
    'Silk scarf, dots',
    'Maison Ovelle',
    79,
    scarf({ wear: 'looped', fringe: false }),
    'dots',
    'silk',
    [
      ['cobalt', 'chalk'],
      ['terracotta', 'oat'],
    ],
  ],
  [
    'Herringbone blanket scarf',
    'Fenwright',
    69,
    scarf({ wear: 'folded', fringe: true }),
    'herringbone',
    'wool blend',
    [
      ['stone', 'ink'],
      ['mustard', 'tobacco'],
    ],
  ],
  [
    'Plain ribbed scarf',
    'Lundmark Studio',
    45,
    scarf({ wear: 'folded', fringe: true }),
    'solid',
    'ribbed cotton',
    [
      ['teal', 'ink'],
      ['lilac', 'ink'],
      ['chalk', 'ink'],
    ],
  ],
]);

export const ACCESSORIES: readonly Design[] = [...hats, ...scarves];
