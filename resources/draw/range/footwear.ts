import { boot } from '../garments/boot.ts';
import { sneaker } from '../garments/sneaker.ts';
import { type Design, designs } from './design.ts';

const sneakers = designs('Sneakers', 'all year', [
  [
    'Court sneaker',
    'Kestrel Row',
    99,
    sneaker({ cut: 'low', sole: 'cup', side: 'stripe' }),
    'solid',
    'leather',
    [
      ['chalk', 'forest'],
      ['navy', 'chalk'],
      ['oat', 'raspberry'],
    ],
  ],
  [
    'Canvas high-top',
    'Kestrel Row',
    79,
    sneaker({ cut: 'high', sole: 'cup', side: 'plain', toeCap: true }),
    'solid',
    'canvas',
    [
      ['raspberry', 'chalk'],
      ['ink', 'chalk'],
      ['mustard', 'chalk'],
    ],
  ],
  [
    'Runner',
    'Lundmark Studio',
    129,
    sneaker({ cut: 'low', sole: 'runner', side: 'wave' }),
    'solid',
    'mesh',
    [
      ['cobalt', 'mustard'],
      ['stone', 'terracotta'],
      ['ink', 'teal'],
    ],
  ],
  [
    'Chunky sneaker',
    'Tarn & Tide',
    119,
    sneaker({ cut: 'low', sole: 'chunky', side: 'panel' }),
    'solid',
    'suede',
    [
      ['oat', 'camel'],
      ['lilac', 'blush'],
      ['sage', 'forest'],
    ],
  ],
  [
    'Slip-on, check',
    'Tarn & Tide',
    59,
    sneaker({ cut: 'slip-on', sole: 'cup', side: 'plain' }),
    'gingham',
    'canvas',
    [
      ['chalk', 'ink'],
      ['sky', 'navy'],
    ],
  ],
]);

const boots = designs('Boots', 'winter', [
  [
    'Chelsea boot',
    'Aldermoor',
    179,
    boot({ shaft: 'ankle', closing: 'gore', heel: 'block' }),
    'solid',
    'leather',
    [
      ['tobacco', 'ink'],
      ['ink', 'stone'],
      ['forest', 'ink'],
    ],
  ],
  [
    'Walking boot',
    'Fenwright',
    189,
    boot({ shaft: 'mid', closing: 'laces', heel: 'lug' }),
    'solid',
    'suede',
    [
      ['camel', 'raspberry'],
      ['olive', 'mustard'],
      ['navy', 'terracotta'],
    ],
  ],
  [
    'Riding boot',
    'Maison Ovelle',
    249,
    boot({ shaft: 'tall', closing: 'strap', heel: 'flat' }),
    'solid',
    'leather',
    [
      ['ink', 'ink'],
      ['tobacco', 'camel'],
      ['burgundy', 'ink'],
    ],
  ],
  [
    'Zip ankle boot',
    'Oriel',
    159,
    boot({ shaft: 'ankle', closing: 'zip', heel: 'lug' }),
    'solid',
    'leather',
    [
      ['chalk', 'stone'],
      ['raspberry', 'ink'],
    ],
  ],
]);

export const FOOTWEAR: readonly Design[] = [...sneakers, ...boots];
