import { hash } from 'node:crypto';
import { readYesNo } from '../availability.ts';
import { requiredLayout, tableLayout, tableRows } from '../delimited.ts';
import type { FeedPart, Fields, Format } from '../format.ts';
import { shopifyVariants } from './shopify-product.ts';

/**
 * The columns of Shopify's product export, in lower case: of the present export, and of the one before 2025, from which most
 * saved files come (help.shopify.com, "Using CSV files to import and export products").
 */
const COLUMNS = {
  handle: ['url handle', 'handle'],
  title: ['title'],
  body: ['description', 'body (html)', 'body html'],
  vendor: ['vendor'],
  type: ['type', 'product type', 'custom product type'],
  category: ['product category', 'standardized product type', 'standard product type'],
  tags: ['tags'],
  published: ['published on online store', 'published'],
  status: ['status'],
  sku: ['sku', 'variant sku'],
  barcode: ['barcode', 'variant barcode'],
  price: ['price', 'variant price'],
  compareAt: ['compare-at price', 'compare at price', 'variant compare at price'],
  tracker: ['inventory tracker', 'variant inventory tracker'],
  quantity: ['inventory quantity', 'variant inventory qty', 'variant inventory quantity'],
  policy: ['continue selling when out of stock', 'inventory policy', 'variant inventory policy'],
  image: ['product image url', 'image src', 'image url'],
  position: ['image position'],
  variantImage: ['variant image url', 'variant image'],
  name1: ['option1 name'],
  value1: ['option1 value'],
  name2: ['option2 name'],
  value2: ['option2 value'],
  name3: ['option3 name'],
  value3: ['option3 value'],
} as const;
type Column = keyof typeof COLUMNS;
/** Column names that no other shop system uses. One of them, a handle and a title identify Shopify's export. */
const SHOPIFYS_OWN = new Set([
  ...COLUMNS.handle.slice(0, 1),
  'variant sku',
  'variant price',
  'variant inventory qty',
  'variant image',
  'image src',
  'body (html)',
  ...COLUMNS.value1,
]);
const OPTIONS = [
  ['name1', 'value1'],
  ['name2', 'value2'],
  ['name3', 'value3'],
] as const;
/** "Fabric (product.metafields.custom.fabric)" */
const METAFIELD = /^(.+?)\s*\(product\.metafields\..+\)$/i;
/** Shopify allows 2,048 variants and 250 pictures; an endless file must not be collected in memory. */
const MOST_ROWS_AT_ONCE = 2_500;
const MOST_ID_CHARACTERS = 200;

/**
 * The product export of Shopify's admin. Its rows are variants and further pictures of a product. They follow each other
 * under one handle, and only the first row has the fields of the product itself.
 */
export const shopifyCsv: Format = {
  recognises({ head }) {
    const columns = tableLayout(head)?.columns.map((column) => column.toLowerCase()) ?? [];
    const has = (names: readonly string[]) => names.some((name) => columns.includes(name));
    return has(COLUMNS.handle) && has(COLUMNS.title) && has([...SHOPIFYS_OWN]);
  },

  async *read({ head, text, url }) {
    const layout = requiredLayout({ head, url });
    const reader = new RowReader(layout.columns);
    const skus = new Set<string>();
    let first: Row | null = null;
    let rows: Row[] = [];
    for await (const part of tableRows(text, layout, url)) {
      if ('problem' in part) {
        yield part;
        continue;
      }
      const row = reader.read(part.fields);
      const goesOn: boolean = first !== null && belongsTo(row, first);
      if (first && (!goesOn || rows.length === MOST_ROWS_AT_ONCE)) {
        yield* productOf(first, rows, skus, url);
        rows = [];
      }
      if (!goesOn) first = row;
      rows.push(row);
    }
    if (first) yield* productOf(first, rows, skus, url);
  },
};

/** A row by the meaning of its columns. A column that the file has and the row lacks is null. */
interface Row {
  cells: Partial<Record<Column, string | null>>;
  metafields: Fields;
}

class RowReader {
  readonly #columns: [Column, string][];
  readonly #metafields: [name: string, column: string][];

  constructor(columns: readonly string[]) {
    const byName = new Map(columns.map((column) => [column.toLowerCase(), column]));
    this.#columns = COLUMN_NAMES.flatMap((name): [Column, string][] => {
      const found = COLUMNS[name].find((each) => byName.has(each));
      const column = found === undefined ? undefined : byName.get(found);
      return column === undefined ? [] : [[name, column]];
    });
    this.#metafields = columns.flatMap((column): [string, string][] => {
      const name = METAFIELD.exec(column)?.[1];
      return name === undefined ? [] : [[name, column]];
    });
  }

  read(fields: Fields): Row {
    const text = (column: string) => {
      const cell = fields[column];
      return typeof cell === 'string' ? cell : null;
    };
    return {
      cells: Object.fromEntries(this.#columns.map(([name, column]) => [name, text(column)])),
      metafields: Object.fromEntries(
        this.#metafields.map(([name, column]) => [name, text(column)]).filter(([, value]) => value !== null),
      ),
    };
  }
}

const COLUMN_NAMES = Object.keys(COLUMNS).filter((name): name is Column => name in COLUMNS);

/** Rows with neither a handle nor a title continue the product before them. */
function belongsTo({ cells }: Row, first: Row): boolean {
  if (cells.handle) return cells.handle === first.cells.handle;
  return !cells.title;
}

/** @param first the row with the fields of the product itself; it may have been read before `rows` */
function* productOf(first: Row, rows: readonly Row[], skus: Set<string>, url: string): Generator<FeedPart> {
  const own = first.cells;
  const handle = own.handle || own.title;
  // A row with only a picture is not a variant. A product without variants is one product.
  const variantRows = rows.filter(({ cells }) => cells.sku || cells.price || cells.value1);
  const listed = variantRows.length > 0 ? variantRows : rows.slice(0, 1);
  const variants = listed.map(({ cells }) => variantOf(cells, own, handle ?? '', skus));
  const product = {
    id: handle,
    handle: own.handle,
    title: own.title,
    body_html: own.body,
    vendor: own.vendor,
    product_type: own.type || own.category,
    tags: own.tags,
    status: own.status,
    // An empty cell means published.
    published: own.published || undefined,
    options: OPTIONS.flatMap(([name]) => (own[name] ? [{ name: own[name] }] : [])),
    variants,
    images: imagesOf(rows, variants),
  };
  for (const part of shopifyVariants(product, url)) {
    yield 'fields' in part ? { fields: withMetafields(part.fields, first.metafields) } : part;
  }
}

function variantOf(cells: Row['cells'], own: Row['cells'], handle: string, skus: Set<string>) {
  const values = OPTIONS.filter(([name]) => own[name]).map(([, value]) => cells[value]);
  const named = values.filter((value) => value && value !== 'Default Title');
  return {
    id: idOf(cells.sku ?? null, [handle, ...named].join('/'), skus),
    sku: cells.sku,
    title: named.length > 0 ? named.join(' / ') : undefined,
    option1: values[0],
    option2: values[1],
    option3: values[2],
    price: cells.price,
    compare_at_price: cells.compareAt,
    barcode: cells.barcode,
    // An empty cell means an untracked quantity; without the column nothing is known.
    inventory_management: cells.tracker,
    inventory_quantity: cells.quantity,
    inventory_policy: sellsOn(cells.policy) ? 'continue' : 'deny',
    image: cells.variantImage ?? null,
    featured_image: cells.variantImage ? { src: cells.variantImage } : undefined,
  };
}

const sellsOn = (policy: string | null | undefined): boolean =>
  policy?.toLowerCase() === 'continue' || readYesNo(policy ?? '') === true;

/** The file has no ids. A SKU is the id, unless it is used twice. Then handle and options are, which are always unique. */
function idOf(sku: string | null, place: string, skus: Set<string>): string {
  if (sku && !skus.has(sku)) {
    skus.add(sku);
    return sku;
  }
  return place.length > MOST_ID_CHARACTERS ? hash('sha256', place) : place;
}

/** Every picture in order, with the variants that it belongs to. */
function imagesOf(rows: readonly Row[], variants: readonly (Fields & { image: string | null })[]): Fields[] {
  const shows = new Map<string | null, unknown[]>();
  for (const { id, image } of variants) shows.set(image, [...(shows.get(image) ?? []), id]);
  return rows
    .flatMap(({ cells }) =>
      cells.image ? [{ src: cells.image, position: Number(cells.position) || 0 }] : [],
    )
    .sort((a, b) => a.position - b.position)
    .map(({ src }) => ({ src, variant_ids: shows.get(src) ?? [] }));
}

function withMetafields(fields: unknown, metafields: Fields): unknown {
  if (typeof fields !== 'object' || fields === null) return fields;
  const attributes = 'attributes' in fields ? fields.attributes : undefined;
  return { ...fields, attributes: { ...metafields, ...(attributes ?? {}) } };
}
