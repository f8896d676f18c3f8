import { readYesNo } from '../availability.ts';
import type { FeedPart, Format } from '../format.ts';
import { splitImageRefs } from '../image-refs.ts';
import { plainText } from '../plain-text.ts';
import {
  type ColumnNames,
  hasColumns,
  hidden,
  lastCategory,
  type ShopRow,
  shopRows,
  stockOf,
} from './shop-table.ts';

/** The columns of PrestaShop's import file (1.6 to 9), which its export modules also write; in English and French. */
const COLUMNS = {
  id: ['productid', 'id', 'identifiantproduit', 'idproduit'],
  active: ['active01', 'active', 'actif01', 'enabled', 'status'],
  name: ['name', 'nom'],
  categories: ['categoriesxyz', 'categories'],
  priceWithTax: ['pricetaxincluded', 'pricetaxincl', 'prixttc'],
  price: ['pricetaxexcluded', 'pricetaxexcl', 'prixht', 'price'],
  discount: ['discountamount', 'reductionamount', 'montantdelaremise'],
  discountPercent: ['discountpercent', 'reductionpercent', 'pourcentagederemise'],
  saleFrom: ['discountfromyyyymmdd', 'reductionfromyyyymmdd', 'remisevalabledeaaaammjj'],
  saleUntil: ['discounttoyyyymmdd', 'reductiontoyyyymmdd', 'remisevalableaaaaammjj'],
  reference: ['reference', 'referenceno'],
  brand: ['brand', 'manufacturer', 'marque', 'fabricant'],
  ean: ['ean13'],
  quantity: ['quantity', 'quantite'],
  summary: ['summary', 'shortdescription', 'resume'],
  description: ['description'],
  tags: ['tagsxyz', 'tags', 'motsclesxyz'],
  images: ['imageurlsxyz', 'urldesimagesxyz', 'urlsdesimagesxyz'],
  features: [
    'featurenamevaluepositioncustomized',
    'featurenamevalueposition',
    'feature',
    'caracteristiquenomvaleurpositionpersonnalise',
  ],
  whenOut: ['actionwhenoutofstock', 'outofstockaction', 'outofstock', 'actionencasderupturedestock'],
  visibility: ['visibility', 'visibilite'],
  condition: ['condition', 'etat'],
} as const satisfies ColumnNames<string>;
type Row = ShopRow<keyof typeof COLUMNS>;

/** Products in the form of PrestaShop's import file, one row for each product. */
export const prestashopCsv: Format = {
  recognises: (document) =>
    hasColumns(document, COLUMNS, ['name', 'images']) &&
    (hasColumns(document, COLUMNS, ['active']) || hasColumns(document, COLUMNS, ['reference'])),

  async *read(document) {
    for await (const row of shopRows(document, COLUMNS)) yield 'problem' in row ? row : product(row);
  },
};

function product({ cells, place }: Row): FeedPart {
  const id = cells.id ?? cells.reference;
  // A product with the visibility "none" is shown nowhere; "search" and "catalog" are each shown somewhere.
  if (readYesNo(cells.active ?? '') === false || cells.visibility?.toLowerCase() === 'none') {
    return hidden(cells.reference ?? cells.id ?? cells.name ?? place, 'unpublished');
  }
  const price = cells.priceWithTax ?? cells.price;
  return {
    fields: {
      id,
      sku: cells.reference,
      title: cells.name,
      images: splitImageRefs(cells.images ?? ''),
      price,
      ...saleOf(cells, price),
      category: lastCategory(cells.categories, />|\//),
      brand: cells.brand,
      // 1 accepts orders without stock; 0, and 2 (the shop's setting), do not by default.
      availability: stockOf(cells.quantity, undefined, cells.whenOut === '1'),
      stock: cells.quantity,
      gtin: cells.ean,
      attributes: {
        ...featuresOf(cells.features),
        ...(cells.ean && { gtin: cells.ean }),
        ...(cells.tags && { tags: cells.tags }),
        ...(cells.condition && { condition: cells.condition }),
        ...((cells.description ?? cells.summary) && {
          description: plainText(cells.description ?? cells.summary ?? ''),
        }),
      },
    },
    place,
  };
}

/** A discount is an amount or a share of the price. */
function saleOf(cells: Row['cells'], price: string | undefined) {
  const full = Number(price?.replace(',', '.'));
  const off = Number(cells.discount?.replace(',', '.') ?? 0);
  const percent = Number(cells.discountPercent?.replace(/[%\s]/g, '').replace(',', '.') ?? 0);
  const reduced = off > 0 ? full - off : full * (1 - percent / 100);
  if (!(reduced >= 0 && reduced < full)) return {};
  return {
    salePrice: Math.round(reduced * 100) / 100,
    saleFrom: dateOf(cells.saleFrom),
    saleUntil: dateOf(cells.saleUntil),
  };
}

/** PrestaShop writes "0000-00-00" for no date. */
const dateOf = (written: string | undefined): string | undefined =>
  written?.startsWith('0000') ? undefined : written;

/** `{ Material: "Wool" }` of "Material:Wool:1:0,Season:Winter:2". */
function featuresOf(written = ''): Record<string, string> {
  const pairs = written.split(/[,;|]/).map((feature) => feature.split(':').map((part) => part.trim()));
  return Object.fromEntries(pairs.flatMap(([name, value]) => (name && value ? [[name, value]] : [])));
}
