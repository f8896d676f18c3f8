import { describe, expect, test } from 'vitest';
import { NAMED_COLORS } from './colors.ts';
import { CONCEPTS } from './concepts.ts';
import { isOneEdit, isTwoEdits, stemOf, tokensOf } from './forms.ts';
import { Lexicon } from './lexicon.ts';
import { bareRangesOf, ordersOf, pricesOf } from './prices.ts';
import { readWords } from './read.ts';
import type { CatalogValue } from './sense.ts';

const VALUES: [CatalogValue['field'], string, string?][] = [
  ['category', 'T-shirts'],
  ['category', 'Polo shirts'],
  ['category', 'Shirts'],
  ['category', 'Jackets'],
  ['category', 'Coats'],
  ['category', 'Sweaters'],
  ['category', 'Boots'],
  ['brand', 'Tarn & Tide'],
  ['color', 'Navy'],
  ['color', 'Forest green'],
  ['color', 'Ink black'],
  ['color', 'Burgundy'],
  ['color', 'Peak 7'],
  ['size', 'M'],
  ['size', '42'],
  ['attribute', 'stripe', 'pattern'],
  ['attribute', 'pinstripe', 'pattern'],
  ['attribute', 'solid', 'pattern'],
  ['attribute', 'wool blend', 'material'],
  ['attribute', 'leather', 'material'],
];
const TITLES = ['Breton tee', 'Cable roll-neck', 'Chelsea boot', 'Belted trench coat', 'Pea coat'];

function lexiconOf(synonyms: string[][] = []): Lexicon {
  const titles = new Map<string, { words: Set<string>; products: number }>();
  for (const { stem, folded } of TITLES.flatMap((title) => tokensOf(title))) {
    titles.set(stem, { words: new Set([folded]), products: 1 });
  }
  const values = VALUES.map(([field, value, name = '']) => ({ field, name, value, products: 1 }));
  return new Lexicon(
    { values, titles, seenColor: (value) => (value === 'Peak 7' ? 'green' : null) },
    synonyms,
  );
}
const lexicon = lexiconOf();

/** Each part as `kind text = values`, with a minus before what is not wanted; `?` where nothing was found. */
const read = (text: string, words = lexicon, isNot = false) =>
  readWords(text, words, { allNot: isNot }).map(({ kind, bare, not, readAs, sense }) => {
    const values = sense.levels.length > 0 ? sense.values.join('|') : '?';
    return `${not ? '-' : ''}${kind} ${bare}${readAs ? `~${readAs}` : ''} = ${values}`;
  });

describe('forms of words', () => {
  test.each([
    ['dresses', 'dress'],
    ['striped', 'stripes'],
    ['Jacken', 'Jacke'],
    ['Mäntel', 'Mantel'],
    ['rossa', 'rosso'],
    ['manteaux', 'manteau'],
    ['scarves', 'scarf'],
    ['knitted', 'knit'],
    ['hoodies', 'hoodie'],
  ])('%s and %s have one stem', (one, other) => {
    const [a, b] = [one, other].map((word) => tokensOf(word)[0]?.stem);
    expect(a).toBe(b);
  });

  test.each([
    ['butter', 'but'],
    ['cape', 'cap'],
    ['shoe', 'show'],
  ])('%s and %s have not', (one, other) => {
    expect(stemOf(one)).not.toBe(stemOf(other));
  });

  test('one edit is one letter added, missing or another, or two swapped', () => {
    const edited = ['jackets', 'jacet', 'jackat', 'jakcet', 'ajcket'];
    expect(edited.map((word) => isOneEdit(word, 'jacket'))).toEqual(edited.map(() => true));
    expect(['jaket5', 'jcaekt', 'racked'].map((word) => isOneEdit(word, 'jacket'))).toEqual([
      false,
      false,
      false,
    ]);
    expect([isTwoEdits('jakcets', 'jacket'), isTwoEdits('xacket', 'jacket')]).toEqual([true, false]);
  });
});

describe('prices', () => {
  test.each([
    ['under 200', { max: 200 }],
    ['max 60 €', { max: 60 }],
    ['60 € max', { max: 60 }],
    ['bis 49,90 Euro', { max: 49.9 }],
    ['moins de 80', { max: 80 }],
    ['no more than $1,250', { max: 1250 }],
    ['không quá 50', { max: 50 }],
    ['ab 100', { min: 100 }],
    ['50 to 80 €', { min: 50, max: 80 }],
    ['€50-€80', { min: 50, max: 80 }],
    ['zwischen 50 und 80', { min: 50, max: 80 }],
    ['entre 50 y 80 euros', { min: 50, max: 80 }],
    ['60 to 100', { min: 60, max: 100 }],
    ['under 100 in green', { max: 100 }],
    ['from 200 to 260 in navy', { min: 200, max: 260 }],
    ['300 max', { max: 300 }],
  ])('%s', (text, limits) => {
    expect(pricesOf(`coat ${text}`)).toMatchObject([limits]);
  });

  test.each([
    '501',
    '40213-50',
    '50-80',
    'over 40 cm',
    'from 30 in, slim',
    'size 42',
    'size 8 to 10',
    'Größe 38 bis 40',
    'above the knee',
  ])('none in “%s”', (text) => {
    expect(pricesOf(text)).toEqual([]);
  });
});

test.each([
  ['coat 100-150', [[100, 150]]],
  ['49.90 – 80', [[49.9, 80]]],
  ['40213-50', []],
  ['2020-05-12', []],
  ['AB-100-150', []],
  ['30-40 cm', []],
  ['size 38-40', []],
  ['€50-80', []],
])('a range without a currency in “%s”', (text, ranges) => {
  expect(bareRangesOf(text).map(({ min, max }) => [min, max])).toEqual(ranges);
});

test.each([
  ['lowest', 'the cheapest coat'],
  ['lowest', 'coat, lowest price first'],
  ['lowest', 'billigste Jacke'],
  ['lowest', 'am günstigsten'],
  ['lowest', 'manteau le moins cher'],
  ['lowest', 'el abrigo más barato'],
  ['lowest', 'il più economico'],
  ['lowest', 'goedkoopste jas'],
  ['lowest', 'áo khoác rẻ nhất'],
  ['highest', 'most expensive coat'],
  ['highest', 'le plus cher'],
  ['highest', 'đắt nhất'],
])('the %s price first: “%s”', (order, text) => {
  expect(ordersOf(text)).toMatchObject([{ order }]);
});

test('no order in a limit, and none where it is not wanted', () => {
  expect(read('moins cher que 80')).toEqual(['price moins cher que 80 = <= 80']);
  expect(read('boots, not the cheapest')).toEqual(['category boots = Boots']);
  expect(read('not the cheapest boots')).toEqual(['category boots = Boots']);
});

describe('what words mean', () => {
  test.each([
    ['tee not navy', ['category tee = T-shirts|Polo shirts', '-color navy = Navy']],
    ['grüne Jacke', ['color grüne = Peak 7|Forest green', 'category Jacke = Jackets']],
    [
      'not striped under 50 navy',
      ['-property striped = stripe|pinstripe', 'price under 50 = <= 50', 'color navy = Navy'],
    ],
    ['boots not black size M', ['category boots = Boots', '-color black = Ink black', 'size M = M']],
    ['sans rayures, rouge', ['-property rayures = stripe|pinstripe', 'color rouge = Burgundy']],
    ['áo khoác không đen', ['category áo khoác = Jackets|Coats', '-color đen = Ink black']],
    ['anything but black boots', ['-color black = Ink black', 'category boots = Boots']],
    ['no striped shirts', ['-property striped = stripe|pinstripe', 'category shirts = Shirts|Polo shirts']],
    ['Lederjacke', ['category Lederjacke = leather|Jackets']],
    ['jakcet under 200', ['category jakcet~jacket = Jackets', 'price under 200 = <= 200']],
    ['in size M', ['size M = M']],
    ['a turtleneck by tarn & tide', ['title turtleneck = roll neck', 'brand tarn & tide = Tarn & Tide']],
    ['plain wool', ['property plain = solid', 'property wool = wool blend']],
    [
      'black chino trench boots',
      [
        'color black = Ink black',
        'category chino = ?',
        'title trench = trench|trench coat',
        'category boots = Boots',
      ],
    ],
    ['jacket swimsuit', ['category jacket = Jackets', 'category swimsuit = ?']],
    ['pea coat boots', ['title pea = pea', 'title coat = coat', 'category boots = Boots']],
    ['dark green', ['color dark green = Forest green']],
    ['xanh', ['color xanh = Navy|Peak 7|Forest green']],
    ['giày không phải da', ['category giày = Boots', '-property da = leather']],
    ['stivali neri economici', ['category stivali = Boots', 'color neri = Ink black']],
    ['borsa da uomo, neri', ['category borsa = ?', 'text uomo = ?', 'color neri = Ink black']],
    ['two boots', ['category boots = Boots']],
    ['botas baratas que no sean de piel', ['category botas = Boots', '-property piel = leather']],
    ['cheapest boots', ['order cheapest = lowest price first', 'category boots = Boots']],
    ['sandals', ['category sandals = ?']],
    ['blorf', ['text blorf = ?']],
    ['I am looking for something with a', []],
  ])('%s', (text, parts) => {
    expect(read(text)).toEqual(parts);
  });

  test('what is not wanted goes on over alternatives, and ends at a comma', () => {
    expect(read('not navy or black, boots')).toEqual([
      '-color navy = Navy',
      '-color black = Ink black',
      'category boots = Boots',
    ]);
    expect(read('navy, black', lexicon, true)).toEqual(['-color navy = Navy', '-color black = Ink black']);
  });

  test('a part stands where its text stands', () => {
    const text = 'A tee,  not Navy';
    for (const { text: own, span } of readWords(text, lexicon)) expect(text.slice(...span)).toBe(own);
    expect(readWords(text, lexicon).map((part) => part.text)).toEqual(['tee', 'not Navy']);
  });

  test('a shop adds words of its own', () => {
    expect(read('kicks')).toEqual(['category kicks = ?']);
    expect(read('wellies')).toEqual(['text wellies = ?']);
    expect(read('wellies', lexiconOf([['wellies', 'rubber boot', 'boots']]))).toEqual([
      'category wellies = Boots',
    ]);
  });

  test('a word that found nothing may have been another', () => {
    expect(readWords('swaeter', lexicon)[0]).toMatchObject({ kind: 'category', readAs: 'sweater' });
    expect(readWords('sewwter', lexicon)[0]?.suggestions).toContain('sweater');
    expect(readWords('swter', lexicon)[0]?.suggestions).toEqual(['sweater']);
    expect(read('lether boots')).toEqual(['property lether~leather = leather', 'category boots = Boots']);
  });

  test.each(['water', 'ladder', 'cheese', 'bottle', 'carpet', 'thanks', 'ball', 'towel', 'bread', 'hammer'])(
    'an ordinary word is no misspelt one: %s',
    (word) => {
      expect(readWords(word, lexicon)).toMatchObject([
        { kind: 'text', readAs: null, suggestions: [], sense: { levels: [] } },
      ]);
    },
  );
});

test('every name of a colour or a concept is there, and each wider concept exists', () => {
  expect(NAMED_COLORS.flatMap(({ names }) => names).length).toBeGreaterThan(500);
  const ids = new Set(CONCEPTS.map(({ id }) => id));
  expect(ids.size).toBe(CONCEPTS.length);
  expect(CONCEPTS.flatMap(({ parents }) => parents).filter((parent) => !ids.has(parent))).toEqual([]);
  const names = [...NAMED_COLORS, ...CONCEPTS].flatMap((each) => each.names);
  expect(names.filter((name) => name.trim() === '' || name !== name.trim())).toEqual([]);
});
