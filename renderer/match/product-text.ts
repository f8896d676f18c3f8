import type { Product, Style } from '../../electron/contract/catalog.ts';
import { formatPrice } from '../ui/format.ts';
import { styleTitle } from './style.ts';

/** What is told of a product outside of Lookalike. */
export type Told = Pick<Product, 'title' | 'size' | 'price' | 'currency' | 'url'> & Style;

/** The address of a product's page, where it is one that a browser opens. */
export function webPage(url: string | null): string | null {
  return url && /^https:\/\/[^\s]+$/i.test(url) ? url : null;
}

/** The product in lines: title, SKU, price, link. */
export function productText(product: Told, sku: string): string {
  const { price, currency, url } = product;
  const cost = price === null ? null : formatPrice(price, currency);
  return [styleTitle(product), `SKU ${sku}`, cost, webPage(url)].filter((line) => line !== null).join('\n');
}

/** The same for mails and documents, with its picture. @param picture a `data:` address */
export function productHtml(product: Told, sku: string, picture: string): string {
  const { price, currency, url } = product;
  const title = escaped(styleTitle(product));
  const page = webPage(url);
  const name = page === null ? title : `<a href="${escaped(page)}">${title}</a>`;
  const cost = price === null ? '' : `<br>${escaped(formatPrice(price, currency))}`;
  return `<p><img src="${escaped(picture)}" alt="${title}"><br><b>${name}</b><br>SKU ${escaped(sku)}${cost}</p>`;
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? '');
