import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { saying } from '../../cli/test-saying.ts';
import type { MappedField } from '../../contract/publishing.ts';
import { inspectFeed } from './inspect.ts';
import { proposeFields } from './mapping.ts';
import { never, readText, temporaryFolder } from './test-feed.ts';

/** The columns' names in shops of each language. */
const HEADERS: Record<string, Partial<Record<MappedField, string>>> = {
  English: {
    id: 'Product ID',
    title: 'Name',
    images: 'Images',
    price: 'Regular price',
    salePrice: 'Sale price',
    saleFrom: 'Date sale price starts',
    saleUntil: 'Date sale price ends',
    category: 'Categories',
    brand: 'Brand',
    color: 'Colour',
    availability: 'In stock?',
    url: 'Permalink',
    groupId: 'Parent',
    sku: 'SKU',
  },
  German: {
    id: 'Artikelnummer',
    title: 'Bezeichnung',
    images: 'Bild 1',
    price: 'Verkaufspreis',
    salePrice: 'Aktionspreis',
    currency: 'Währung',
    category: 'Warengruppe',
    brand: 'Hersteller',
    color: 'Farbe',
    availability: 'Lagerbestand',
    url: 'Produktlink',
  },
  French: {
    id: 'Code article',
    title: 'Libellé',
    images: 'Lien image',
    price: 'Prix TTC',
    salePrice: 'Prix promo',
    currency: 'Devise',
    category: 'Rayon',
    brand: 'Marque',
    color: 'Couleur',
    availability: 'Disponibilité',
    sku: 'Référence',
  },
  Spanish: {
    id: 'Código',
    title: 'Nombre',
    images: 'Imagen',
    price: 'Precio',
    salePrice: 'Precio oferta',
    currency: 'Moneda',
    category: 'Categoría',
    brand: 'Marca',
    color: 'Color',
    availability: 'Existencias',
    url: 'Enlace',
  },
  Italian: {
    id: 'Codice articolo',
    title: 'Denominazione',
    images: 'Immagine',
    price: 'Prezzo',
    salePrice: 'Prezzo scontato',
    currency: 'Valuta',
    category: 'Categoria',
    brand: 'Marca',
    color: 'Colore',
    availability: 'Disponibilità',
  },
  Dutch: {
    id: 'Artikelnummer',
    title: 'Productnaam',
    images: 'Afbeelding',
    price: 'Verkoopprijs',
    salePrice: 'Actieprijs',
    category: 'Productgroep',
    brand: 'Merk',
    color: 'Kleur',
    availability: 'Voorraad',
  },
  Vietnamese: {
    id: 'Mã sản phẩm',
    title: 'Tên sản phẩm',
    images: 'Hình ảnh',
    price: 'Giá bán',
    salePrice: 'Giá khuyến mãi',
    category: 'Danh mục',
    brand: 'Thương hiệu',
    color: 'Màu sắc',
    availability: 'Tồn kho',
    url: 'Đường dẫn',
  },
};

test.each(Object.entries(HEADERS))('columns in %s', (_, header) => {
  const proposed = proposeFields(Object.values(header));
  const expected = Object.entries(header).map(([field, column]) => [field, [column]]);
  expect(proposed).toMatchObject(Object.fromEntries(expected));
});

test.each([
  ['Preis EUR', 'EUR'],
  ['Preis in EUR', 'EUR'],
  ['Preis (€)', 'EUR'],
  ['price_usd', 'USD'],
  ['priceUSD', 'USD'],
  ['EUR price', 'EUR'],
  ['Prix TTC €', 'EUR'],
  ['Prezzo EUR', 'EUR'],
  ['Giá bán (VNĐ)', 'VND'],
  ['Cena', null],
  ['Price', null],
  ['Preis netto EUR', null],
  ['Einkaufspreis EUR', null],
])('the column "%s" has prices in %s', async (column, currency) => {
  const { products } = await readText(`id;title;image;${column}\n1;A;a.png;12.000,50\n`);
  const known = column === 'Price' || currency !== null;
  expect(products).toMatchObject([{ price: known ? 12_000.5 : null, currency }]);
});

test("a price's own currency counts when it contradicts the column's", async () => {
  const { products, problems } = await readText('id;title;image;Preis EUR\n1;A;a.png;12 USD\n');
  expect(products).toMatchObject([{ price: null, currency: 'EUR' }]);
  expect(problems).toHaveLength(1);
});

test.each([
  ['the price before a net price', 'Preis netto;Preis', 'Preis'],
  ['the current price before the regular one', 'Regular price;Price', 'Price'],
  ['the gross price', 'Prix HT;Prix TTC', 'Prix TTC'],
])('%s is taken', (_, header, column) => {
  expect(proposeFields(header.split(';')).price).toEqual([column]);
});

const table = (header: string, cells: (n: number) => string) =>
  [
    `id;title;image;${header}`,
    ...Array.from({ length: 8 }, (_, n) => `${n};Coat ${n};${n}.jpg;${cells(n)}`),
    '',
  ].join('\n');

test.each([
  ['prices', 'Cena', (n: number) => `${n + 10},90 zł`, 'price'],
  ['prices without a currency, where no price is known', 'Wert', (n: number) => `${n + 10},90`, 'price'],
  ['prices by its name', 'Preis ab Werk', (n: number) => String(n + 10), 'price'],
  ['net prices, where no other is known', 'Preis netto', (n: number) => `${n + 10},90`, 'price'],
  ['pictures', 'Ansicht', (n: number) => `https://x.example/${n}.webp?v=1`, 'images'],
  ['several pictures', 'Ansichten', (n: number) => `${n}.jpg|${n}-b.jpg`, 'images'],
  ['article numbers', 'Nr', (n: number) => `AB-${n}100`, 'id'],
])('a column that looks like %s and is not used is named', async (_, column, cell, looksLike) => {
  const { products, problems } = await readText(table(column, cell));
  expect(products).toHaveLength(8);
  expect(problems).toMatchObject([
    { item: column, code: 'COLUMN_UNUSED', params: { column, looksLike, example: cell(0) } },
  ]);
});

test.each([
  ['a recommended price next to a price', 'Preis;UVP', (n: number) => `${n + 10},90;${n + 20},90 €`],
  ['a weight next to a price', 'Preis;Gewicht', (n: number) => `${n + 10},90;0,${n + 10}`],
  ['a brand’s logo', 'Markenlogo', (n: number) => `logo-${n}.png`],
  ['a barcode', 'EAN', (n: number) => `401234567890${n}`],
  ['a material', 'Material', () => 'Wolle'],
  ['a date', 'Angelegt', (n: number) => `2026-01-0${n + 1}`],
  ['nothing', 'Leer', () => ''],
])('%s is not', async (_, header, cells) => {
  expect((await readText(table(header, cells))).problems).toEqual([]);
});

test('where pictures are not known, the column that looks like them is named', async () => {
  await expect(readText('id;title;Ansicht\n1;A;a.jpg\n')).rejects.toMatchObject({
    fault: saying('“Ansicht” may be images.'),
  });
});

test('the first look at a table names it too', async () => {
  const path = join(await temporaryFolder(), 'feed.csv');
  await writeFile(
    path,
    table('Cena', (n) => `${n},90 zł`),
  );
  expect((await inspectFeed(path, { signal: never })).problems).toMatchObject([{ code: 'COLUMN_UNUSED' }]);
});
