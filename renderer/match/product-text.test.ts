import { expect, test } from 'vitest';
import { formatPrice } from '../ui/format.ts';
import { productHtml, productText } from './product-text.ts';
import { resultOf } from './test-answer.ts';

const TEE = resultOf('40101-NVY', {
  title: 'Tee <"Breton"> & co',
  price: 39,
  currency: 'EUR',
  url: 'https://shop.example/p/1?a=1&b="2"',
});

test('a product is told as text and as HTML, whatever its title holds', () => {
  expect(productText(TEE, '40101-NVY')).toBe(
    `Tee <"Breton"> & co\nSKU 40101-NVY\n${formatPrice(39, 'EUR')}\nhttps://shop.example/p/1?a=1&b="2"`,
  );
  const html = productHtml(TEE, '40101-NVY', 'data:image/png;base64,AAAA');
  expect(html).toContain(
    '<b><a href="https://shop.example/p/1?a=1&amp;b=&quot;2&quot;">Tee &lt;&quot;Breton&quot;&gt; &amp; co</a></b>',
  );
  expect(html).toContain('alt="Tee &lt;&quot;Breton&quot;&gt; &amp; co"');
});

test('what a product does not have is left out, and an address that is no web page is not told', () => {
  const plain = resultOf('MUG', { title: 'Mug', url: 'javascript:alert(1)' });
  expect(productText(plain, 'MUG')).toBe('Mug\nSKU MUG');
  expect(productHtml(plain, 'MUG', 'data:,')).toBe(
    '<p><img src="data:," alt="Mug"><br><b>Mug</b><br>SKU MUG</p>',
  );
});
