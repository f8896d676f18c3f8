import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { readAll, readText, serve } from '../test-feed.ts';

type Row = Record<string, string>;

/** A table as shop systems export it: every cell that needs it in quotes. */
function table(columns: readonly string[], rows: readonly Row[], mark = ','): string {
  const cell = (text: string) =>
    new RegExp(`["\\n${mark}]`).test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  const lines = rows.map((row) => columns.map((column) => cell(row[column] ?? '')).join(mark));
  return `${[columns.map(cell).join(mark), ...lines].join('\n')}\n`;
}

const hiddenOf = ({ problems }: Awaited<ReturnType<typeof readText>>) =>
  problems.map(({ item, fault }) => [item, fault?.code, fault?.params]);

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
    { productId: '9', availability: 'in stock', groupId: '10', images: [`${I}early.jpg`] },
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
      images: [`${I}blue.jpg`],
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
    ['v1', 'ITEM_NOT_PUBLISHED', { why: 'draft', count: 2 }],
    ['private', 'ITEM_NOT_PUBLISHED', { why: 'unpublished', count: 2 }],
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

// Columns of "Product attributes reference", the simple and the configurable product's.
const MAGENTO =
  'sku|store_view_code|attribute_set_code|product_type|categories|product_websites|name|description|short_description|weight|product_online|tax_class_name|visibility|price|special_price|special_price_from_date|special_price_to_date|url_key|base_image|small_image|additional_images|additional_attributes|qty|allow_backorders|is_in_stock|manage_stock|configurable_variations|configurable_variation_labels'.split(
    '|',
  );
const magento = (row: Row): Row => ({
  attribute_set_code: 'Top',
  product_type: 'simple',
  product_online: '1',
  visibility: 'Catalog, Search',
  is_in_stock: '1',
  manage_stock: '1',
  qty: '5',
  ...row,
});
const child = (sku: string, row: Row = {}): Row =>
  magento({
    sku,
    name: `Tee ${sku}`,
    price: '20.0000',
    visibility: 'Not Visible Individually',
    additional_attributes: `color=Red,size=${sku.at(-1)}`,
    ...row,
  });
const TEE = magento({
  sku: 'TEE',
  product_type: 'configurable',
  name: 'Tee',
  categories: 'Default Category/Men/Tops,Default Category/Sale',
  base_image: '/t/e/tee.jpg',
  additional_images: '/t/e/tee.jpg,/t/e/tee-back.jpg',
  configurable_variations: 'sku=TEE-S,color=Red,size=S|sku=TEE-M,color=Red,size=M',
});
const SHOP: Row[] = [
  child('TEE-S', { base_image: '/t/e/red-s.jpg', qty: '0' }),
  TEE,
  child('TEE-M', {
    special_price: '15',
    special_price_from_date: '1/31/20',
    special_price_to_date: '12/31/99',
  }),
  {
    sku: 'TEE',
    store_view_code: 'fr',
    attribute_set_code: 'Top',
    product_type: 'configurable',
    name: 'Le tee',
  },
  magento({
    sku: 'BAG',
    name: 'Bag',
    price: '34.0000',
    special_price: '5',
    special_price_from_date: '1/1/20',
    special_price_to_date: '1/31/20, 12:00 AM',
    base_image: 'https://cdn.example/bag.jpg',
    additional_attributes: 'activity=Gym,material=Nylon, Polyester,manufacturer=Acme',
    qty: '0',
    allow_backorders: '1',
  }),
];

test('Magento: configurable products and their variations, pictures under the address that is given', async () => {
  const imageBase = 'https://shop.example/media/catalog/product/';
  const { format, products, problems } = await readText(table(MAGENTO, SHOP), { imageBase });
  expect({ format, problems }).toEqual({ format: 'magento-csv', problems: [] });
  expect(products).toMatchObject([
    {
      productId: 'TEE-S',
      title: 'Tee TEE-S',
      price: 20,
      category: 'Tops',
      color: 'Red',
      groupId: 'TEE',
      availability: 'out of stock',
      images: [`${imageBase}t/e/red-s.jpg`],
      attributes: { size: 'S' },
    },
    {
      productId: 'TEE-M',
      price: 15,
      images: [`${imageBase}t/e/tee.jpg`, `${imageBase}t/e/tee-back.jpg`],
    },
    {
      productId: 'BAG',
      price: 34,
      brand: 'Acme',
      groupId: null,
      availability: 'backorder',
      images: ['https://cdn.example/bag.jpg'],
      attributes: { activity: 'Gym', material: 'Nylon, Polyester' },
    },
  ]);
});

test('Magento: what is disabled, or belongs to nothing that is seen, is left out and counted', async () => {
  const image = { base_image: 'https://cdn.example/a.jpg' };
  const read = await readText(
    table(MAGENTO, [
      magento({ sku: 'off', name: 'Off', product_online: '2', ...image }),
      child('alone', image),
      magento({ sku: 'on', name: 'On', ...image }),
    ]),
  );
  expect(read.products.map(({ sku }) => sku)).toEqual(['on']);
  expect(hiddenOf(read)).toEqual([['off', 'ITEM_NOT_PUBLISHED', { why: 'unpublished', count: 2 }]]);
});

test('Magento: where pictures are, from the feed, from the folder, or said to be missing', async () => {
  const text = table(MAGENTO, SHOP);
  const missing = await readText(text);
  expect(missing.products.map(({ sku }) => sku)).toEqual(['BAG']);
  expect(hiddenOf(missing)).toEqual([['TEE-S', 'IMAGE_BASE_MISSING', { count: 2 }]]);

  const site = await serve((_, answer) => answer.end(text));
  expect((await readAll(`${site}/export/catalog.csv`)).products[1]?.images[0]).toBe(
    `${site}/media/catalog/product/t/e/tee.jpg`,
  );
  const { path } = await readText(text);
  await mkdir(join(dirname(path), 'media/catalog/product'), { recursive: true });
  expect((await readAll(path)).products[1]?.images[0]).toBe(
    join(dirname(path), 'media/catalog/product/t/e/tee.jpg'),
  );
});

// Columns of the sample file of PrestaShop 8 (products_import.csv).
const PRESTA =
  'Product ID|Active (0/1)|Name *|Categories (x,y,z...)|Price tax excluded|Price tax included|Tax rules ID|On sale (0/1)|Discount amount|Discount percent|Discount from (yyyy-mm-dd)|Discount to (yyyy-mm-dd)|Reference #|Brand|EAN13|Quantity|Visibility|Summary|Description|Tags (x,y,z...)|Available for order (0 = No, 1 = Yes)|Image URLs (x,y,z...)|Feature (Name:Value:Position:Customized)|Action when out of stock'.split(
    '|',
  );

test('PrestaShop: prices with tax, discounts, features, several pictures; what is off is left out', async () => {
  const base = { 'Active (0/1)': '1', 'Image URLs (x,y,z...)': `${I}a.jpg,${I}b.jpg` };
  const read = await readText(
    table(
      PRESTA,
      [
        {
          ...base,
          'Product ID': '1',
          'Name *': 'Chair',
          'Categories (x,y,z...)': 'Home,Chairs',
          'Price tax excluded': '100',
          'Price tax included': '119,00',
          'Discount percent': '10',
          'Discount from (yyyy-mm-dd)': '0000-00-00',
          'Reference #': 'CH-1',
          Brand: 'Acme',
          EAN13: '4006381333931',
          Quantity: '0',
          'Feature (Name:Value:Position:Customized)': 'Material:Wood:1:0,Season:All:2',
          'Action when out of stock': '1',
        },
        { ...base, 'Product ID': '2', 'Active (0/1)': '0', 'Name *': 'Off', 'Reference #': 'OFF' },
        { ...base, 'Product ID': '3', 'Name *': 'Hidden', Visibility: 'none', 'Reference #': 'NO' },
        { ...base, 'Product ID': '4', 'Name *': 'Lamp', 'Price tax excluded': '12.5', Quantity: '3' },
      ],
      ';',
    ),
  );
  expect(read.format).toBe('prestashop-csv');
  expect(read.products).toMatchObject([
    {
      productId: '1',
      sku: 'CH-1',
      price: 107.1,
      category: 'Home',
      brand: 'Acme',
      availability: 'backorder',
      images: [`${I}a.jpg`, `${I}b.jpg`],
      attributes: { Material: 'Wood', Season: 'All', gtin: '4006381333931' },
    },
    { productId: '4', price: 12.5, availability: 'in stock' },
  ]);
  expect(hiddenOf(read)).toEqual([['OFF', 'ITEM_NOT_PUBLISHED', { why: 'unpublished', count: 2 }]]);
});

// Columns of the template of Wix Stores.
const WIX =
  'handleId|fieldType|name|description|productImageUrl|collection|sku|ribbon|price|surcharge|visible|discountMode|discountValue|inventory|weight|cost|productOptionName1|productOptionType1|productOptionDescription1|productOptionName2|productOptionType2|productOptionDescription2|additionalInfoTitle1|additionalInfoDescription1|brand'.split(
    '|',
  );

test('Wix: products, variants with their surcharge, pictures by their names', async () => {
  const read = await readText(
    table(WIX, [
      {
        handleId: 'tee',
        fieldType: 'Product',
        name: 'Tee',
        description: '<p>Soft</p>',
        productImageUrl: 'a1b2c3_4d~mv2.jpg;https://cdn.example/b.jpg',
        collection: 'Shirts;Sale',
        price: '20',
        visible: 'true',
        discountMode: 'PERCENT',
        discountValue: '10',
        inventory: 'InStock',
        productOptionName1: 'Color',
        productOptionType1: 'COLOR',
        productOptionDescription1: '#ff0000:Red;#000000:Black',
        productOptionName2: 'Size',
        productOptionDescription2: 'S;L',
        additionalInfoTitle1: 'Care',
        additionalInfoDescription1: '<p>Wash cold</p>',
        brand: 'Acme',
      },
      {
        handleId: 'tee',
        fieldType: 'Variant',
        sku: 'TEE-R-S',
        inventory: '0',
        visible: 'true',
        productOptionDescription1: '#ff0000:Red',
        productOptionDescription2: 'S',
      },
      {
        handleId: 'tee',
        fieldType: 'Variant',
        surcharge: '4',
        inventory: '2',
        visible: 'true',
        productOptionDescription1: '#000000:Black',
        productOptionDescription2: 'L',
      },
      {
        handleId: 'tee',
        fieldType: 'Variant',
        sku: 'NO',
        inventory: '2',
        visible: 'false',
        productOptionDescription1: '#000000:Black',
        productOptionDescription2: 'S',
      },
      {
        handleId: 'mug',
        fieldType: 'Product',
        name: 'Mug',
        productImageUrl: 'm~mv2.png',
        sku: 'MUG',
        price: '7',
        visible: 'true',
        inventory: 'OutOfStock',
      },
      {
        handleId: 'off',
        fieldType: 'Product',
        name: 'Off',
        productImageUrl: 'o~mv2.png',
        price: '7',
        visible: 'false',
      },
    ]),
  );
  expect(read.format).toBe('wix-csv');
  const images = ['https://static.wixstatic.com/media/a1b2c3_4d~mv2.jpg', 'https://cdn.example/b.jpg'];
  expect(read.products).toMatchObject([
    {
      productId: 'TEE-R-S',
      title: 'Tee – Red / S',
      price: 18,
      color: 'Red',
      category: 'Shirts',
      brand: 'Acme',
      groupId: 'tee',
      availability: 'out of stock',
      images,
      attributes: { Size: 'S', Care: 'Wash cold', description: 'Soft' },
    },
    { productId: 'tee/Black/L', price: 21.6, color: 'Black', availability: 'in stock', images },
    { productId: 'mug', sku: 'MUG', title: 'Mug', price: 7, availability: 'out of stock', groupId: null },
  ]);
  expect(hiddenOf(read)).toEqual([['NO', 'ITEM_NOT_PUBLISHED', { why: 'unpublished', count: 2 }]]);
});

test('an ordinary table is none of these', async () => {
  const { format } = await readText('id,type,name,images,price\n1,coat,Coat,a.jpg,5\n');
  expect(format).toBe('csv');
});
