import fc from 'fast-check';
import { expect, test } from 'vitest';
import { plainText } from './plain-text.ts';

test.each([
  ['Wool coat', 'Wool coat'],
  ['Jack &amp; Jones', 'Jack & Jones'],
  ['AT&T R&D', 'AT&T R&D'],
  ['Caf&eacute; &#8211; &#x1F9E5;', 'Café – 🧥'],
  ['<b>Wool</b> coat', 'Wool coat'],
  ['<p>One</p><p>Two<br>Three</p>', 'One Two Three'],
  ['<SPAN style="a > b">Red</SPAN>', 'Red'],
  ['<script>alert(1)</script>Coat<style>p{}</style>', 'Coat'],
  ['Coat<!-- new -->', 'Coat'],
  ['Size <M>', 'Size <M>'],
  ['3 < 5 > 2', '3 < 5 > 2'],
  ['Love <3', 'Love <3'],
  ['waist <hip', 'waist <hip'],
  ['  two \n\t spaces\u00a0', 'two spaces'],
  ['معطف صوف 🧥', 'معطف صوف 🧥'],
])('%j reads %j', (html, text) => {
  expect(plainText(html)).toBe(text);
});

test('text without markup stays as it is, but for its spaces', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      fc.pre(!/[<&]/.test(text));
      expect(plainText(text)).toBe(text.replaceAll(/\s+/g, ' ').trim());
    }),
  );
});
