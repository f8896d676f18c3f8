import { expect, test } from 'vitest';
import { readText } from '../test-feed.ts';
import { hiddenOf, type Row, table } from './test-table.ts';

// Columns of the exporter (WooCommerce 9, "Product CSV Import Schema").
const WOO =
  'ID|Type|SKU|GTIN, UPC, EAN, or ISBN|Name|Published|Is featured?|Visibility in catalog|Short description|Description|Date sale price starts|Date sale price ends|Tax status|Tax class|In stock?|Stock|Low stock amount|Backorders allowed?|Sold individually?|Weight (kg)|Allow customer reviews?|Purchase note|Sale price|Regular price|Categories|Tags|Shipping class|Images|Download limit|Parent|Grouped products|Upsells|External URL|Button text|Position|Brands|Attribute 1 name|Attribute 1 value(s)|Attribute 1 visible|Attribute 1 global|Attribute 2 name|Attribute 2 value(s)|Attribute 2 visible|Attribute 2 global|Meta: _x'.split(
    '|',
  );
const I = 'https://shop.example/wp-content/uploads/';
const woo = (row: Row): Row => ({
  Published: '1',
  'Visibility in catalog': 'visible',
  'In stock?': '1',
  ...row,
});
const HOODIE = woo({
  ID: '10',
  Type: 'variable',
  SKU: 'hoodie',
  Name: 'Hoodie &amp; hood',
  Description: '<p>Soft\\n</p>',
  Categories: 'Clothing > Hoodies, Sale',
  Images: `${I}h1.jpg, ${I}h2.jpg`,
  Brands: 'Acme',
  'Attribute 1 name': 'Color',
  'Attribute 1 value(s)': 'Blue, Green',
  'Attribute 2 name': 'Size',
  'Attribute 2 value(s)': 'M, L',
});
const variation = (row: Row): Row =>
  woo({
    Type: 'variation',
    Parent: 'id:10',
    Name: 'Hoodie - Blue',
    'Regular price': '45',
    'Attribute 1 name': 'Color',
    'Attribute 1 value(s)': 'Blue',
    'Attribute 2 name': 'Size',
    'Attribute 2 value(s)': 'M',
    ...row,
  });

test('WooCommerce: simple products, and variations with what their parent gives them', async () => {
  const { format, products, problems } = await readText(
    table(WOO, [
      woo({
        ID: '5',
        Type: 'simple, virtual',
        SKU: 'cap',
        'GTIN, UPC, EAN, or ISBN': '4006381333931',
        Name: 'Cap',
        Stock: '0',
        'Backorders allowed?': 'notify',
        'Regular price': '20.00',
        'Sale price': '15.00',
        'Date sale price ends': '2999-01-01',
        Categories: 'Accessories',
        Images: `${I}cap.jpg`,
        'Attribute 1 name': 'Farbe',
        'Attribute 1 value(s)': 'Rot',
        'Meta: _x': 'secret',
      }),
      variation({ ID: '9', SKU: 'early', Parent: 'hoodie', Images: `${I}early.jpg`, Stock: 'parent' }),
      HOODIE,
      variation({ ID: '11', SKU: 'h-b-m', Images: `${I}blue.jpg`, Stock: '3', 'Sale price': '40' }),
      variation({ ID: '12', SKU: 'h-b-l', 'Attribute 2 value(s)': 'L', 'In stock?': '0' }),
      variation({ ID: '13', SKU: 'orphan', Parent: 'id:99', Images: `${I}o.jpg`, 'In stock?': 'backorder' }),
      woo({ ...HOODIE, ID: '20', SKU: 'alone' }),
    ]),
    { fileName: 'wc-product-export.csv' },
  );
  expect({ format, problems }).toEqual({ format: 'woocommerce-csv', problems: [] });
  expect(products).toMatchObject([
    {
      productId: '5',
      sku: 'cap',
      title: 'Cap',
      price: 15,
      category: 'Accessories',
      color: 'Rot',
      availability: 'backorder',
      groupId: null,
      attributes: { gtin: '4006381333931' },
    },
    {
      productId: '9',
      availability: 'in stock',
      groupId: '10',
      images: [`${I}early.jpg`, `${I}h1.jpg`, `${I}h2.jpg`],
    },
    {
      productId: '11',
      sku: 'h-b-m',
      title: 'Hoodie - Blue',
      price: 40,
      brand: 'Acme',
      category: 'Hoodies',
      color: 'Blue',
      groupId: '10',
      availability: 'in stock',
      images: [`${I}blue.jpg`, `${I}h1.jpg`, `${I}h2.jpg`],
      attributes: { Size: 'M' },
    },
    {
      productId: '12',
      availability: 'out of stock',
      images: [`${I}h1.jpg`, `${I}h2.jpg`],
      attributes: { Size: 'L' },
    },
    { productId: '13', availability: 'backorder', groupId: 'id:99' },
    {
      productId: '20',
      title: 'Hoodie & hood',
      color: null,
      attributes: { colors: 'Blue, Green', description: 'Soft' },
    },
  ]);
  expect(JSON.stringify(products)).not.toContain('secret');
});

test('WooCommerce: what is not published is left out with its variations, and counted', async () => {
  const read = await readText(
    table(WOO, [
      { ...HOODIE, Published: '-1' },
      variation({ ID: '11', SKU: 'v1', Images: `${I}1.jpg` }),
      variation({ ID: '12', SKU: 'v2', Images: `${I}2.jpg` }),
      woo({ ID: '1', Type: 'simple', SKU: 'private', Name: 'P', Published: '0', Images: `${I}p.jpg` }),
      woo({
        ID: '2',
        Type: 'simple',
        SKU: 'gone',
        Name: 'G',
        'Visibility in catalog': 'hidden',
        Images: `${I}g.jpg`,
      }),
      woo({ ID: '3', Type: 'simple', SKU: 'shown', Name: 'S', Images: `${I}s.jpg` }),
    ]),
  );
  expect(read.products.map(({ sku }) => sku)).toEqual(['shown']);
  expect(hiddenOf(read)).toEqual([
    ['v1', 'ITEM_NOT_PUBLISHED', { reason: 'draft', count: 2 }],
    ['private', 'ITEM_NOT_PUBLISHED', { reason: 'private', count: 1 }],
    ['gone', 'ITEM_NOT_PUBLISHED', { reason: 'unpublished', count: 1 }],
  ]);
});

test.each([
  [
    'German',
    'ID|Typ|Artikelnummer|Name|Veröffentlicht|Sichtbarkeit im Katalog|Vorrätig?|Bestand|Angebotspreis|Regulärer Preis|Kategorien|Bilder|Übergeordnetes Produkt|Attribut 1 Name|Attribut 1 Wert(e)',
  ],
  [
    'French',
    'ID|Type|UGS|Nom|Publié|Visibilité dans le catalogue|En stock ?|Stock|Tarif promo|Tarif régulier|Catégories|Images|Parent|Nom de l’attribut 1|Valeur(s) de l’attribut 1',
  ],
  [
    'Spanish',
    'ID|Tipo|SKU|Nombre|Publicado|Visibilidad en el catálogo|¿Existencias?|Inventario|Precio rebajado|Precio normal|Categorías|Imágenes|Superior|Nombre del atributo 1|Valor(es) del atributo 1',
  ],
])('WooCommerce with %s columns', async (_, columns) => {
  const row = [
    '7',
    'simple',
    'S7',
    'Coat',
    '1',
    'visible',
    '1',
    '4',
    '9,90',
    '19,90',
    'A',
    `${I}c.jpg`,
    '',
    'Color',
    'Red',
  ];
  const { format, products } = await readText(`${columns.replaceAll('|', ';')}\n${row.join(';')}\n`);
  expect(format).toBe('woocommerce-csv');
  expect(products).toMatchObject([
    { productId: '7', sku: 'S7', price: 9.9, color: 'Red', availability: 'in stock' },
  ]);
});
