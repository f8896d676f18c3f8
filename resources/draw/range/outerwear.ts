import { coat } from '../garments/coat.ts';
import { blazer, jacket } from '../garments/jacket.ts';
import { puffer } from '../garments/puffer.ts';
import { type Design, designs } from './design.ts';

const coats = designs('Coats', 'winter', [
  [
    'Wool coat, herringbone',
    'Aldermoor',
    289,
    coat({ cut: 'straight', collar: 'notch', breasted: 1 }),
    'herringbone',
    'wool blend',
    [
      ['camel', 'tobacco'],
      ['stone', 'ink'],
      ['forest', 'ink'],
    ],
  ],
  [
    'Belted trench coat',
    'Maison Ovelle',
    319,
    coat({ cut: 'belted', collar: 'peak', breasted: 2 }),
    'solid',
    'cotton twill',
    [
      ['oat', 'tobacco'],
      ['olive', 'tobacco'],
      ['ink', 'stone'],
    ],
  ],
  [
    'Duffle coat',
    'Fenwright',
    259,
    coat({ cut: 'duffle', collar: 'hood', breasted: 1 }),
    'solid',
    'wool blend',
    [
      ['navy', 'camel'],
      ['burgundy', 'camel'],
      ['camel', 'tobacco'],
    ],
  ],
  [
    'Pea coat',
    'Tarn & Tide',
    229,
    coat({ cut: 'peacoat', collar: 'peak', breasted: 2 }),
    'solid',
    'wool blend',
    [
      ['navy', 'ink'],
      ['raspberry', 'ink'],
    ],
  ],
  [
    'Car coat, houndstooth',
    'Kestrel Row',
    249,
    coat({ cut: 'car', collar: 'stand', breasted: 1 }),
    'houndstooth',
    'tweed',
    [
      ['chalk', 'ink'],
      ['blush', 'burgundy'],
    ],
  ],
  [
    'Checked overcoat',
    'Oriel',
    299,
    coat({ cut: 'straight', collar: 'peak', breasted: 2 }),
    'windowpane',
    'wool blend',
    [
      ['lilac', 'navy'],
      ['mustard', 'tobacco'],
    ],
  ],
]);

const puffers = designs('Puffer jackets', 'winter', [
  [
    'Hooded down jacket',
    'Lundmark Studio',
    199,
    puffer({ length: 'hip', baffle: 'wide', hood: true }),
    'solid',
    'recycled nylon',
    [
      ['mustard', 'camel'],
      ['ink', 'stone'],
      ['teal', 'navy'],
    ],
  ],
  [
    'Cropped puffer',
    'Kestrel Row',
    169,
    puffer({ length: 'cropped', baffle: 'wide', hood: false }),
    'solid',
    'recycled nylon',
    [
      ['blush', 'burgundy'],
      ['chalk', 'stone'],
      ['forest', 'ink'],
    ],
    'cropped',
  ],
  [
    'Light down jacket',
    'Lundmark Studio',
    149,
    puffer({ length: 'hip', baffle: 'narrow', hood: false }),
    'colour block',
    'recycled nylon',
    [
      ['cobalt', 'navy'],
      ['terracotta', 'burgundy'],
    ],
  ],
  [
    'Long down coat',
    'Maison Ovelle',
    279,
    puffer({ length: 'long', baffle: 'chevron', hood: true }),
    'solid',
    'recycled nylon',
    [
      ['tobacco', 'ink'],
      ['lilac', 'ink'],
    ],
    'long',
  ],
  [
    'Down gilet',
    'Fenwright',
    119,
    puffer({ length: 'cropped', baffle: 'narrow', hood: false, gilet: true }),
    'solid',
    'recycled nylon',
    [
      ['olive', 'tobacco'],
      ['navy', 'tobacco'],
    ],
  ],
]);

const blazers = designs('Blazers', 'spring', [
  [
    'Single-breasted blazer',
    'Maison Ovelle',
    189,
    blazer({ breasted: 1, lapel: 'notch', pockets: 'flap' }),
    'solid',
    'wool blend',
    [
      ['ink', 'stone'],
      ['camel', 'tobacco'],
    ],
    'tailored',
  ],
  [
    'Windowpane blazer',
    'Aldermoor',
    219,
    blazer({ breasted: 1, lapel: 'notch', pockets: 'patch' }),
    'windowpane',
    'wool blend',
    [
      ['navy', 'sky'],
      ['oat', 'terracotta'],
    ],
    'tailored',
  ],
  [
    'Double-breasted blazer',
    'Maison Ovelle',
    239,
    blazer({ breasted: 2, lapel: 'peak', pockets: 'flap' }),
    'pinstripe',
    'wool blend',
    [
      ['burgundy', 'blush'],
      ['stone', 'chalk'],
    ],
    'tailored',
  ],
  [
    'Checked tweed blazer',
    'Fenwright',
    229,
    blazer({ breasted: 1, lapel: 'peak', pockets: 'patch' }),
    'tartan',
    'tweed',
    [
      ['olive', 'oat'],
      ['teal', 'navy'],
    ],
    'tailored',
  ],
  [
    'Corduroy blazer',
    'Oriel',
    179,
    blazer({ breasted: 2, lapel: 'notch', pockets: 'patch' }),
    'solid',
    'corduroy',
    [
      ['terracotta', 'tobacco'],
      ['sage', 'tobacco'],
    ],
    'relaxed',
  ],
]);

const jackets = designs('Jackets', 'spring', [
  [
    'Denim jacket',
    'Kestrel Row',
    99,
    jacket({ style: 'denim' }),
    'solid',
    'denim',
    [
      ['cobalt', 'stone'],
      ['sky', 'stone'],
      ['ink', 'stone'],
    ],
  ],
  [
    'Bomber jacket',
    'Tarn & Tide',
    139,
    jacket({ style: 'bomber' }),
    'solid',
    'recycled nylon',
    [
      ['olive', 'ink'],
      ['burgundy', 'navy'],
      ['mustard', 'ink'],
    ],
  ],
  [
    'Biker jacket',
    'Lundmark Studio',
    349,
    jacket({ style: 'biker' }),
    'solid',
    'leather',
    [
      ['ink', 'stone'],
      ['tobacco', 'ink'],
      ['chalk', 'stone'],
    ],
    'slim',
  ],
  [
    'Cord trucker jacket',
    'Fenwright',
    119,
    jacket({ style: 'denim' }),
    'colour block',
    'corduroy',
    [
      ['camel', 'forest'],
      ['navy', 'terracotta'],
    ],
  ],
]);

export const OUTERWEAR: readonly Design[] = [...coats, ...puffers, ...blazers, ...jackets];
