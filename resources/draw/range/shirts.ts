import { polo, shirt, tShirt } from '../garments/shirt.ts';
import { type Design, designs } from './design.ts';

const tShirts = designs('T-shirts', 'summer', [
  [
    'Breton tee',
    'Tarn & Tide',
    39,
    tShirt({ fit: 'regular', neck: 'crew', sleeve: 'short' }),
    'stripe',
    'cotton jersey',
    [
      ['chalk', 'navy'],
      ['navy', 'chalk'],
      ['sage', 'forest'],
    ],
  ],
  [
    'Boxy pocket tee',
    'Lundmark Studio',
    35,
    tShirt({ fit: 'boxy', neck: 'crew', sleeve: 'half', pocket: true }),
    'solid',
    'organic cotton',
    [
      ['oat', 'tobacco'],
      ['ink', 'stone'],
    ],
    'boxy',
  ],
  [
    'Ringer tee',
    'Kestrel Row',
    32,
    tShirt({ fit: 'slim', neck: 'crew', sleeve: 'short', ringer: true }),
    'solid',
    'cotton jersey',
    [
      ['mustard', 'tobacco'],
      ['chalk', 'raspberry'],
    ],
    'slim',
  ],
  [
    'Sunset print tee',
    'Oriel',
    36,
    tShirt({ fit: 'regular', neck: 'crew', sleeve: 'short', print: 'sun' }),
    'solid',
    'organic cotton',
    [
      ['teal', 'mustard'],
      ['chalk', 'terracotta'],
    ],
  ],
  [
    'Peaks print tee',
    'Fenwright',
    36,
    tShirt({ fit: 'boxy', neck: 'crew', sleeve: 'short', print: 'peaks' }),
    'solid',
    'organic cotton',
    [
      ['olive', 'chalk'],
      ['blush', 'burgundy'],
    ],
    'boxy',
  ],
  [
    'V-neck long-sleeve tee',
    'Aldermoor',
    45,
    tShirt({ fit: 'slim', neck: 'v', sleeve: 'long' }),
    'solid',
    'cotton jersey',
    [
      ['terracotta', 'oat'],
      ['lilac', 'ink'],
    ],
    'slim',
  ],
  [
    'Rugby stripe tee',
    'Tarn & Tide',
    42,
    tShirt({ fit: 'boxy', neck: 'crew', sleeve: 'half' }),
    'wide stripe',
    'cotton jersey',
    [
      ['cobalt', 'mustard'],
      ['burgundy', 'blush'],
    ],
    'boxy',
  ],
]);

const polos = designs('Polo shirts', 'summer', [
  [
    'Tipped polo',
    'Kestrel Row',
    59,
    polo({ fit: 'regular', sleeve: 'short', placket: 'buttons', tipped: true }),
    'solid',
    'cotton piqué',
    [
      ['forest', 'chalk'],
      ['chalk', 'navy'],
      ['raspberry', 'navy'],
    ],
  ],
  [
    'Zip polo',
    'Lundmark Studio',
    65,
    polo({ fit: 'slim', sleeve: 'short', placket: 'zip' }),
    'solid',
    'ribbed cotton',
    [
      ['ink', 'stone'],
      ['sky', 'navy'],
    ],
    'slim',
  ],
  [
    'Open-collar knit polo',
    'Maison Ovelle',
    89,
    polo({ fit: 'boxy', sleeve: 'short', placket: 'open', tipped: true }),
    'wide stripe',
    'merino wool',
    [
      ['oat', 'tobacco'],
      ['sage', 'chalk'],
    ],
    'boxy',
  ],
  [
    'Block polo',
    'Tarn & Tide',
    62,
    polo({ fit: 'regular', sleeve: 'short', placket: 'buttons' }),
    'colour block',
    'cotton piqué',
    [
      ['navy', 'terracotta'],
      ['chalk', 'teal'],
    ],
  ],
  [
    'Long-sleeve striped polo',
    'Kestrel Row',
    74,
    polo({ fit: 'long', sleeve: 'long', placket: 'buttons', tipped: true }),
    'stripe',
    'cotton piqué',
    [
      ['mustard', 'navy'],
      ['lilac', 'chalk'],
    ],
    'long',
  ],
]);

const shirts = designs('Shirts', 'all year', [
  [
    'Oxford shirt',
    'Fenwright',
    79,
    shirt({ fit: 'regular', sleeve: 'long', collar: 'point', pockets: 1 }),
    'solid',
    'cotton poplin',
    [
      ['sky', 'chalk'],
      ['chalk', 'stone'],
      ['blush', 'chalk'],
    ],
  ],
  [
    'Pinstripe shirt',
    'Aldermoor',
    85,
    shirt({ fit: 'slim', sleeve: 'long', collar: 'point', pockets: 0 }),
    'pinstripe',
    'cotton poplin',
    [
      ['chalk', 'cobalt'],
      ['navy', 'chalk'],
    ],
    'slim',
  ],
  [
    'Grandad-collar shirt',
    'Lundmark Studio',
    82,
    shirt({ fit: 'long', sleeve: 'long', collar: 'band', pockets: 0 }),
    'solid',
    'linen',
    [
      ['sage', 'chalk'],
      ['terracotta', 'oat'],
    ],
    'long',
  ],
  [
    'Camp shirt, floral',
    'Oriel',
    69,
    shirt({ fit: 'boxy', sleeve: 'short', collar: 'camp', pockets: 0 }),
    'floral',
    'viscose',
    [
      ['terracotta', 'oat'],
      ['navy', 'blush'],
      ['mustard', 'forest'],
    ],
    'boxy',
  ],
  [
    'Overshirt, check',
    'Fenwright',
    98,
    shirt({ fit: 'boxy', sleeve: 'long', collar: 'point', pockets: 2 }),
    'tartan',
    'brushed fleece',
    [
      ['burgundy', 'navy'],
      ['forest', 'ink'],
      ['mustard', 'tobacco'],
    ],
    'boxy',
  ],
  [
    'Gingham shirt',
    'Tarn & Tide',
    75,
    shirt({ fit: 'regular', sleeve: 'short', collar: 'point', pockets: 1 }),
    'gingham',
    'cotton poplin',
    [
      ['chalk', 'navy'],
      ['blush', 'raspberry'],
    ],
  ],
]);

export const SHIRTS: readonly Design[] = [...tShirts, ...polos, ...shirts];
