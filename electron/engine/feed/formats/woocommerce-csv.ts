import { readYesNo } from '../availability.ts';
import type { FeedPart, Fields, Format } from '../format.ts';
import { splitImageRefs } from '../image-refs.ts';
import { plainText } from '../plain-text.ts';
import { Families, type Joined } from './families.ts';
import {
  type ColumnNames,
  colorAmong,
  folded,
  hasColumns,
  hidden,
  lastCategory,
  type ShopRow,
  shopRows,
  stockOf,
} from './shop-table.ts';

/** WooCommerce's columns, which are in the language of the shop: English, German, French, Spanish, Italian and Dutch. */
const COLUMNS = {
  id: ['id'],
  type: ['type', 'typ', 'tipo'],
  sku: ['sku', 'artikelnummer', 'ugs', 'cod'],
  gtin: ['gtinupceanorisbn', 'gtinupceanoderisbn', 'gtinupceanouisbn', 'gtinupceanoisbn', 'gtinupceanofisbn'],
  name: ['name', 'nom', 'nombre', 'nome', 'naam'],
  published: ['published', 'veroffentlicht', 'publie', 'publicado', 'pubblicato', 'gepubliceerd'],
  visibility: [
    'visibilityincatalog',
    'sichtbarkeitimkatalog',
    'visibilitedanslecatalogue',
    'visibilidadenelcatalogo',
    'visibilitanelcatalogo',
    'zichtbaarheidincatalogus',
  ],
  description: ['description', 'beschreibung', 'descripcion', 'descrizione', 'beschrijving'],
  summary: [
    'shortdescription',
    'kurzbeschreibung',
    'descriptioncourte',
    'descripcioncorta',
    'brevedescrizione',
    'kortebeschrijving',
  ],
  saleFrom: [
    'datesalepricestarts',
    'datumandemangebotspreisbeginnt',
    'datededebutdepromo',
    'diaenqueempiezaelpreciorebajado',
    'datainiziosconto',
    'datumstartactieprijs',
  ],
  saleUntil: [
    'datesalepriceends',
    'datumandemangebotspreisendet',
    'datedefindepromo',
    'diaenqueterminaelpreciorebajado',
    'datafinesconto',
    'datumeindeactieprijs',
  ],
  inStock: [
    'instock',
    'vorratig',
    'lagernd',
    'enstock',
    'hayexistencias',
    'existencias',
    'eninventario',
    'instock',
    'opvoorraad',
  ],
  stock: ['stock', 'bestand', 'lager', 'lagerbestand', 'inventario', 'magazzino', 'voorraad'],
  backorders: [
    'backordersallowed',
    'lieferruckstandeerlaubt',
    'autoriserlescommandesdeproduitsenrupture',
    'permitirreservasdeproductosagotados',
    'permettirepreordini',
    'nabestellingentoestaan',
  ],
  salePrice: ['saleprice', 'angebotspreis', 'tarifpromo', 'preciorebajado', 'prezzoinofferta', 'actieprijs'],
  price: [
    'regularprice',
    'regularerpreis',
    'tarifregulier',
    'precionormal',
    'prezzodilistino',
    'regulareprijs',
    'normaleprijs',
  ],
  categories: ['categories', 'kategorien', 'categorias', 'categorie', 'categorieen'],
  tags: ['tags', 'schlagworter', 'etiquettes', 'etiquetas', 'tag'],
  images: ['images', 'bilder', 'imagenes', 'immagini', 'afbeeldingen'],
  parent: [
    'parent',
    'ubergeordnetesprodukt',
    'ubergeordnet',
    'superior',
    'genitore',
    'hoofd',
    'bovenliggend',
  ],
  brands: ['brands', 'brand', 'marken', 'marques', 'marcas', 'marchi', 'merken'],
  url: ['externalurl', 'externeurl', 'urlexterne', 'urlexterna', 'urlesterno', 'externeurl'],
} as const satisfies ColumnNames<string>;
type Column = keyof typeof COLUMNS;
type Row = ShopRow<Column>;

/** "Attribute 1 name", "Attribut 1 Name", "Nom de l’attribut 1", "Valor(es) del atributo 1". */
const ATTRIBUTE = /attribut|atribut|attributo|kenmerk|eigenschap/;
const VALUE = /value|wert|valeur|valor|waarde/;
const NAME = /name|nom|naam/;
/** Columns that do not help anyone to find a product. */
const HOUSEKEEPING =
  /^(isfeatured|taxstatus|taxclass|lowstockamount|soldindividually|allowcustomerreviews|purchasenote|shippingclass|download|groupedproducts|upsells|crosssells|buttontext|position|meta)/;

/**
 * The product export of WooCommerce. Each variation is a product in the group of its variable product, and takes missing
 * fields from it. A variable product without variations is a product too.
 */
export const woocommerceCsv: Format = {
  recognises: (document) =>
    hasColumns(document, COLUMNS, ['type', 'name', 'published', 'images', 'price', 'visibility']),

  async *read(document) {
    const families = new Families<Column>();
    for await (const row of shopRows(document, COLUMNS)) {
      const parts = 'problem' in row ? [row] : take(row, families);
      for (const part of parts) yield 'row' in part ? product(part) : part;
    }
    for (const joined of families.rest()) yield product(joined);
  },
};

function* take(row: Row, families: Families<Column>): Generator<Joined<Column> | FeedPart> {
  const { type = '', parent = '' } = row.cells;
  const types = type.toLowerCase().split(/\s*,\s*/);
  if (types.includes('variable')) yield* families.parent(row, keysOf(row));
  else if (types.includes('variation')) {
    yield* families.child(row, parent.trim().replace(/^id:\s*/i, 'id:'));
  } else yield { row, parent: null };
}

const keysOf = ({ cells: { id, sku } }: Row): string[] => [
  ...(id ? [`id:${id}`] : []),
  ...(sku ? [sku] : []),
];

function product({ row, parent }: Joined<Column>): FeedPart {
  const { cells, place } = row;
  const own = attributesOf(row);
  const name = cells.sku ?? cells.id ?? cells.name ?? place;
  const why = whyHidden(cells) ?? (parent && whyHidden(parent.cells));
  if (why) return hidden(name, why);
  const shared = parent ? attributesOf(parent) : {};
  // The parent lists the values of all its variations.
  const options = { ...shared, ...own };
  const { color, others } = colorAmong(options);
  const from = <Name extends Column>(column: Name) => cells[column] || parent?.cells[column];
  const stock = cells.stock === 'parent' ? parent?.cells.stock : cells.stock;
  return {
    fields: {
      id: cells.id ?? cells.sku,
      sku: cells.sku,
      title: cells.name || titleOf(parent, own),
      // The variation's own pictures first, then its parent's, each once.
      images: [cells.images, parent?.cells.images].flatMap((each) => splitImageRefs(each ?? '')),
      price: cells.price,
      salePrice: cells.salePrice,
      saleFrom: cells.saleFrom,
      saleUntil: cells.saleUntil,
      category: lastCategory(from('categories'), />/),
      brand: from('brands'),
      color: isOne(color) ? color : undefined,
      availability: availabilityOf(cells, stock),
      url: cells.url,
      groupId: parent ? (parent.cells.id ?? parent.cells.sku) : cells.parent,
      stock,
      gtin: cells.gtin,
      attributes: {
        ...others,
        ...(color !== undefined && !isOne(color) && { colors: color }),
        ...(cells.gtin && { gtin: cells.gtin }),
        ...(from('tags') && { tags: from('tags') }),
        ...described(cells.description || cells.summary),
        ...useful(row.rest),
      },
    },
    place,
  };
}

/** 1 is published, 0 private (also a disabled variation), -1 a draft. Some plug-ins write the words. */
function whyHidden({ published = '', visibility }: Row['cells']): 'draft' | 'private' | 'unpublished' | null {
  const stands = published.trim().toLowerCase();
  if (stands === '-1' || stands === 'draft') return 'draft';
  if (stands === '0' || stands === 'private') return 'private';
  return readYesNo(stands) === false || visibility?.toLowerCase() === 'hidden' ? 'unpublished' : null;
}

function availabilityOf(
  { inStock = '', backorders = '' }: Row['cells'],
  stock: string | undefined,
): string | undefined {
  const word = inStock.toLowerCase();
  if (word.includes('backorder')) return 'backorder';
  const takesOrders = backorders.toLowerCase() === 'notify' || readYesNo(backorders) === true;
  return stockOf(stock, readYesNo(word), takesOrders);
}

function titleOf(parent: Row | null, own: Fields): string | undefined {
  const values = Object.values(own).join(', ');
  return parent?.cells.name && values ? `${parent.cells.name} – ${values}` : parent?.cells.name;
}

/** `{ Color: "Blue" }` of "Attribute 1 name" and "Attribute 1 value(s)". Several values stay separated by commas. */
function attributesOf({ rest }: Row): Fields {
  const names = new Map<string, string>();
  const values = new Map<string, unknown>();
  for (const [column, cell] of Object.entries(rest)) {
    const [, number] = attributeColumn(column) ?? [];
    if (number === undefined) continue;
    if (VALUE.test(folded(column))) values.set(number, cell);
    else if (NAME.test(folded(column))) names.set(number, String(cell));
  }
  const pairs = [...names].map(([number, name]): [string, unknown] => [name, values.get(number)]);
  return Object.fromEntries(pairs.filter(([, value]) => value !== undefined));
}

function attributeColumn(column: string): RegExpExecArray | null {
  return ATTRIBUTE.test(folded(column)) ? /(\d+)/.exec(column) : null;
}

const isOne = (value: unknown): boolean => typeof value === 'string' && !/[,|]/.test(value);

/** The columns of plug-ins, without those of attributes and of the shop's administration. */
function useful(rest: Fields): Fields {
  return Object.fromEntries(
    Object.entries(rest).filter(([column]) => !attributeColumn(column) && !HOUSEKEEPING.test(folded(column))),
  );
}

const described = (html: string | undefined): Fields =>
  html ? { description: plainText(html.replaceAll('\\n', ' ')) } : {};
