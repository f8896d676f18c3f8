import { expect, test } from 'vitest';
import { readText } from './test-feed.ts';
import { barcodeAmong, quantityIn, readCount, sizeAmong } from './variant-fields.ts';

test.each([
  ['12', 12],
  [12, 12],
  ['12.0000', 12],
  ['2,0', 2],
  ['2.5', 2],
  ['-3', 0],
  ['0', 0],
  // One or a thousand; more than ten; a phrase.
  ['1.000', null],
  ['10+', null],
  ['in stock', null],
  ['', null],
  [null, null],
  ['99999999999', null],
])('the quantity %j is %j', (written, count) => {
  expect(readCount(written)).toBe(count);
});

test('a quantity in place of an availability is the stock, unless it may mean yes or no', () => {
  expect([7, '7', 1, '0', true].map(quantityIn)).toEqual([7, 7, null, null, null]);
});

test.each([
  [{ Size: 'M' }, 'M'],
  [{ Größe: 42 }, '42'],
  [{ Pointure: '38,5' }, '38,5'],
  [{ 'Kích cỡ': 'L' }, 'L'],
  [{ Talla: ' XL ' }, 'XL'],
  [{ Size: 'S, M, L' }, null],
  [{ Size: 'S|M' }, null],
  [{ Size: ['M'] }, null],
  [{ sizes: '100vw' }, null],
])('the size of %j is %j', (attributes, size) => {
  expect(sizeAmong(attributes)).toBe(size);
});

test('the surest barcode counts whose check digit is right', () => {
  expect(barcodeAmong({ barcode: '96385074', EAN: '4006381333931' })).toBe('04006381333931');
  expect(barcodeAmong({ barcode: '96385074', EAN: '4006381333932' })).toBe('00000096385074');
  expect(barcodeAmong({ barcode: 'intern-7' })).toBeNull();
});

const product = async (content: unknown, fileName?: string) => {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  const { products } = await readText(text, fileName === undefined ? {} : { fileName });
  return products[0];
};
const item = { id: '1', title: 'Tee', image: 'https://x.example/a.jpg' };

test('size, stock and barcode of the own format; what cannot be read stays as it was written', async () => {
  const feed = (fields: object) => ({ version: 1, products: [{ ...item, ...fields }] });
  expect(await product(feed({ size: 'M', stock: 4, gtin: '4006381333931' }))).toMatchObject({
    size: 'M',
    stock: 4,
    gtin: '04006381333931',
    attributes: { size: 'M' },
  });
  expect(await product(feed({ size: 40, stock: '10+', gtin: 'none' }))).toMatchObject({
    size: '40',
    stock: null,
    gtin: null,
    attributes: { size: '40', stock: '10+', gtin: 'none' },
  });
  expect(await product(feed({ availability: 12 }))).toMatchObject({ availability: 'in stock', stock: 12 });
});

test('size, stock and barcode of every other format', async () => {
  const expected = { size: 'M', stock: 7, gtin: '04006381333931' };
  const image = 'https://x.example/a.jpg';
  const shopify = {
    products: [
      {
        ...{ id: 1, title: 'Tee', handle: 'tee', images: [{ src: image }], options: [{ name: 'Size' }] },
        variants: [
          {
            id: 2,
            option1: 'M',
            inventory_quantity: 7,
            inventory_management: 'shopify',
            barcode: '4006381333931',
          },
        ],
      },
    ],
  };
  const feeds: Record<string, [content: unknown, fileName?: string]> = {
    shopify: [shopify],
    'shopify-csv': [
      `Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Inventory Tracker,Variant Inventory Qty,Variant Barcode,Variant Price,Image Src
tee,Tee,Size,M,T-M,shopify,7,4006381333931,9,${image}`,
    ],
    'woocommerce-csv': [
      `ID,Type,SKU,"GTIN, UPC, EAN, or ISBN",Name,Published,"Visibility in catalog",Stock,"In stock?","Regular price",Images,"Attribute 1 name","Attribute 1 value(s)"
1,simple,T-M,4006381333931,Tee,1,visible,7,1,9,${image},Size,M`,
    ],
    'magento-csv': [
      `sku,store_view_code,attribute_set_code,product_type,name,price,base_image,additional_attributes,qty,is_in_stock
T-M,,Default,simple,Tee,9,${image},"size=M,ean=4006381333931",7.0000,1`,
    ],
    'prestashop-csv': [
      `Product ID;Active (0/1);Name *;Price tax included;Reference #;EAN13;Quantity;Image URLs (x,y,z...);Feature(Name:Value:Position)
1;1;Tee;9;T-M;4006381333931;7;${image};Size:M:1`,
    ],
    'wix-csv': [
      `handleId,fieldType,name,productImageUrl,sku,price,inventory,productOptionName1,productOptionDescription1,ean
tee,Product,Tee,${image},,9,,Size,M,
tee,Variant,,,T-M,,7,,M,4006381333931`,
    ],
    'google-tsv': [
      `id\ttitle\timage_link\tprice\tsize\tgtin\tquantity\n1\tTee\t${image}\t9 EUR\tM\t4006381333931\t7`,
    ],
    'schema-org': [
      {
        '@context': 'https://schema.org',
        ...{ '@type': 'Product', sku: '1', name: 'Tee', image, size: 'M', gtin13: '4006381333931' },
        offers: { '@type': 'Offer', price: 9, inventoryLevel: { '@type': 'QuantitativeValue', value: 7 } },
      },
    ],
    csv: [`Nr;Titel;Bild;Größe;Bestand;EAN\nA-1;Tee;${image};M;7;4006381333931`],
  };
  const read = Object.entries(feeds).map(async ([name, [content, fileName]]) => [
    name,
    await product(content, fileName),
  ]);
  expect(Object.fromEntries(await Promise.all(read))).toMatchObject(
    Object.fromEntries(Object.keys(feeds).map((name) => [name, expected])),
  );
});
