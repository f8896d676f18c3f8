import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shortText } from './short-text.ts';

/** Every character is one wide, as on a terminal. */
const widthOf = (text: string) => [...text].length;
const short = (title: string) => shortText(title, 16, 2, widthOf).text;

test('a title that fits stays whole', () => {
  expect(short('Herringbone blanket scarf')).toBe('Herringbone blanket scarf');
});

test('titles that differ at their ends still differ when they are cut', () => {
  const title = "Men's classic fit crew neck organic cotton T-shirt";
  const cut = ['Navy / Tall', 'Navy / Short', 'Black / Tall'].map((end) => short(`${title}, ${end}`));
  expect(cut).toEqual([
    "Men's classic … Navy / Tall",
    "Men's classic … Navy / Short",
    "Men's classic … Black / Tall",
  ]);
});

test('colours that differ at their ends still differ when they are cut to a line', () => {
  const cut = ['melange', 'heather'].map((end) => shortText(`Midnight blue ${end}`, 16, 1, widthOf).text);
  expect(cut).toEqual(['Midnigh… melange', 'Midnigh… heather']);
});

test('a title without spaces is cut between its characters', () => {
  expect(short(`${'男'.repeat(40)}黑色`)).toMatch(/^男+…男+黑色$/);
});

test('what is cut fits, and keeps the first and the last word', () => {
  const word = fc.stringMatching(/^[a-z]{1,7}$/);
  fc.assert(
    fc.property(fc.array(word, { minLength: 4, maxLength: 30 }), (words) => {
      const cut = short(words.join(' '));
      expect(cut.startsWith(words[0] ?? '')).toBe(true);
      expect(cut.endsWith(words.at(-1) ?? '')).toBe(true);
      expect(widthOf(cut)).toBeLessThanOrEqual(16 + 1 + 16);
    }),
  );
});
