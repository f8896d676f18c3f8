import { Readable } from 'node:stream';
import type { ComparisonRow } from '../../../contract/compare.ts';
import { type PrintedPicture, THUMBNAIL_SIDE } from '../../images/photo.ts';
import { type Exported, rowsOf, shownProduct } from './exported.ts';
import type { ReportPictures } from './pictures.ts';
import { type Cells, type Column, cellsOf, FORMULA } from './table.ts';
import { figuresSheet } from './xlsx-figures.ts';
import {
  type Anchor,
  columnName,
  contentTypesXml,
  Drawing,
  numberCell,
  relationsXml,
  type Sheet,
  STYLE,
  STYLES,
  sheetEnd,
  sheetStart,
  textCell,
  workbookXml,
} from './xlsx-xml.ts';
import { type ZipPart, zipOf } from './zip.ts';

/** Of a picture on screen, in pixels, without its margins. */
const BOX = { width: 100, height: 92 } as const;
const MARGIN = 4;
/** Of a picture's file: half of a thumbnail, which libwebp decodes as a half in two thirds of the time, and 150 dots an inch in print. */
export const PICTURE_SIDE = THUMBNAIL_SIDE / 2;
/** Of a row, in points: a picture and its margins. */
const ROW_HEIGHT = ((BOX.height + 2 * MARGIN) * 72) / 96;
/** Of a column in characters of 7 pixels and 5 pixels of padding: a picture and its margins. */
const PICTURE_WIDTH = (BOX.width + 2 * MARGIN - 5) / 7;
/** Rows whose pictures are made together. */
const ROWS_AT_ONCE = 16;
/** Batches of rows in progress: pictures of the next ones are made while one is written. */
const BATCHES_AT_ONCE = 3;

/** The columns after the pictures, with their widths in characters: what a buyer reads first. */
const COLUMNS: readonly (readonly [Column, number])[] = [
  ...columns(12, 'match_type'),
  ...columns(16, 'sku'),
  ...columns(32, 'title'),
  ...columns(11, 'price', 'currency'),
  ...columns(32, 'competitor_title'),
  ...columns(13, 'competitor_price', 'competitor_currency'),
  ...columns(16, 'category'),
  ...columns(12, 'changed'),
  ...columns(16, 'brand', 'color', 'competitor', 'competitor_sku'),
  ...columns(16, 'suggested_sku', 'suggested_score', 'suggested_band'),
  ...columns(9, 'score', 'band'),
  ...columns(17, 'decided_at', 'decided_in_bulk'),
  ...columns(40, 'url', 'product_url'),
  ...columns(16, 'product_id'),
  ...columns(7, 'row'),
  ...columns(40, 'file'),
  ...columns(11, 'status'),
  ...columns(40, 'reason'),
];
/** The first ones are printed: all of them on one width of paper could not be read. */
const PRINTED = 12;
const HEADINGS = ['Theirs', 'Ours', ...COLUMNS.map(([column]) => headingOf(column))];
const WIDTHS = [PICTURE_WIDTH, PICTURE_WIDTH, ...COLUMNS.map(([, width]) => width)];

/**
 * The comparison as a workbook: a line for each source of a row, with pictures that are sorted and filtered with it, and a sheet
 * of figures. No text in it is a formula.
 */
export function xlsxOf(exported: Exported, pictures: ReportPictures): AsyncGenerator<string | Uint8Array> {
  return zipOf(partsOf(exported, pictures));
}

async function* partsOf(exported: Exported, pictures: ReportPictures): AsyncGenerator<ZipPart> {
  yield { name: '[Content_Types].xml', content: contentTypesXml(2) };
  // As bytes: strings of the whole book would take several times its size.
  const lines: Buffer[] = [];
  const drawing = new Drawing();
  const ours = new Map<string, PrintedPicture>();
  for await (const { rows, theirs, added } of batchesOf(exported, pictures)) {
    for (const [row, { bytes }] of theirs)
      yield { name: `xl/media/${theirFile(row)}`, content: bytes, isPicture: true };
    for (const [id, picture] of added) {
      yield { name: `xl/media/${ourFile(id)}`, content: picture.bytes, isPicture: true };
      ours.set(id, { ...picture, bytes: NOTHING });
    }
    for (const row of rows) {
      const product = shownProduct(row);
      const [their, our] = [theirs.get(row.row), ours.get(product?.thumbnail ?? '')];
      for (const source of row.sources) {
        const place = lines.length + 1;
        lines.push(Buffer.from(lineOf(place, cellsOf(row, source))));
        if (their) drawing.add(anchorOf(0, place, their, theirFile(row.row), source.name));
        if (product && our) drawing.add(anchorOf(1, place, our, ourFile(product.thumbnail), product.title));
      }
    }
  }
  yield* bookOf(lines, drawing, exported);
}

interface Batch {
  rows: readonly ComparisonRow[];
  /** By the numbers of rows. */
  theirs: ReadonlyMap<number, PrintedPicture>;
  /** By the ids of thumbnails: of our pictures those that no batch before has. */
  added: ReadonlyMap<string, PrintedPicture>;
}

/** All rows with their pictures, in order. */
function batchesOf(exported: Exported, pictures: ReportPictures): AsyncIterable<Batch> {
  const asked = new Set<string>();
  const made = async (start: number): Promise<Batch> => {
    const rows = [...rowsOf({ ...exported, rows: exported.rows.slice(start, start + ROWS_AT_ONCE) })];
    const thumbnails = rows
      .flatMap((row) => shownProduct(row)?.thumbnail ?? [])
      .filter((id) => !asked.has(id));
    for (const id of thumbnails) asked.add(id);
    const [theirs, added] = await Promise.all([
      pictures.ofRows(rows.map(({ row }) => row)),
      pictures.ofProducts(thumbnails),
    ]);
    return { rows, theirs, added };
  };
  const starts = Array.from(
    { length: Math.ceil(exported.rows.length / ROWS_AT_ONCE) },
    (_, n) => n * ROWS_AT_ONCE,
  );
  return Readable.from(starts).map(made, { concurrency: BATCHES_AT_ONCE });
}

/** What is written is let go. */
const NOTHING = new Uint8Array();

function* bookOf(lines: readonly Buffer[], drawing: Drawing, exported: Exported): Generator<ZipPart> {
  const cells = `A1:${columnName(HEADINGS.length - 1)}${lines.length + 1}`;
  const printed = `A1:${columnName(PRINTED - 1)}${lines.length + 1}`;
  const sheet: Sheet = {
    widths: WIDTHS,
    frozen: { columns: 2, rows: 1 },
    filtered: lines.length > 0 ? cells : null,
    matches: lines.length > 0 ? `C2:C${lines.length + 1}` : null,
    hasDrawing: true,
    fitted: true,
  };
  const head = HEADINGS.map((heading, i) => textCell(`${columnName(i)}1`, heading, STYLE.head));
  const names = [
    { name: 'Comparison', filtered: sheet.filtered, printed, heading: true },
    { name: 'Figures', filtered: null, printed: null, heading: false },
  ];
  const start = `${sheetStart(sheet)}<row r="1" ht="32" customHeight="1">${head.join('')}</row>`;
  const content = Buffer.concat([Buffer.from(start), ...lines, Buffer.from(sheetEnd(sheet))]);
  yield { name: 'xl/worksheets/sheet1.xml', content };
  yield { name: 'xl/worksheets/_rels/sheet1.xml.rels', content: toDrawing };
  yield { name: 'xl/worksheets/sheet2.xml', content: figuresSheet(exported) };
  yield { name: 'xl/drawings/drawing1.xml', content: drawing.xml() };
  yield { name: 'xl/drawings/_rels/drawing1.xml.rels', content: drawing.relations() };
  yield { name: 'xl/styles.xml', content: STYLES };
  yield { name: 'xl/workbook.xml', content: workbookXml(names) };
  yield { name: 'xl/_rels/workbook.xml.rels', content: toSheets };
  yield { name: '_rels/.rels', content: toWorkbook };
}

const toWorkbook = relationsXml([{ id: 'rId1', type: 'officeDocument', target: 'xl/workbook.xml' }]);
const toDrawing = relationsXml([{ id: 'rId1', type: 'drawing', target: '../drawings/drawing1.xml' }]);
const toSheets = relationsXml([
  { id: 'rId1', type: 'worksheet', target: 'worksheets/sheet1.xml' },
  { id: 'rId2', type: 'worksheet', target: 'worksheets/sheet2.xml' },
  { id: 'rId3', type: 'styles', target: 'styles.xml' },
]);

const theirFile = (row: number): string => `theirs-${row}.jpeg`;
const ourFile = (thumbnail: string): string => `ours-${thumbnail}.jpeg`;

const PRICES: ReadonlySet<Column> = new Set(['price', 'competitor_price']);

/** @param place of the line, from 0; the headings are the first */
function lineOf(place: number, cells: Cells): string {
  const made = COLUMNS.map(([column], i) => {
    const at = `${columnName(i + 2)}${place + 1}`;
    const value = cells[column];
    if (value === null) return '';
    if (typeof value === 'number')
      return numberCell(at, value, PRICES.has(column) ? STYLE.price : STYLE.plain);
    if (column === 'decided_at') return numberCell(at, dayNumber(value), STYLE.date);
    return textCell(at, value, FORMULA.test(value) ? STYLE.escaped : STYLE.wrapped);
  });
  return `<row r="${place + 1}" ht="${ROW_HEIGHT}" customHeight="1">${made.join('')}</row>`;
}

/** Days since 1899-12-30 in UTC, as a sheet counts time. */
const dayNumber = (time: string): number => Date.parse(time) / 86_400_000 + 25_569;

/** A picture in the middle of its cell. */
function anchorOf(column: number, row: number, size: PrintedPicture, file: string, text: string): Anchor {
  const scale = Math.min(BOX.width / size.width, BOX.height / size.height);
  const [width, height] = [size.width * scale, size.height * scale];
  const left = MARGIN + (BOX.width - width) / 2;
  const top = MARGIN + (BOX.height - height) / 2;
  return { column, row, left, top, width, height, text, file };
}

function columns(width: number, ...names: Column[]): (readonly [Column, number])[] {
  return names.map((name) => [name, width]);
}

/** "Match type" of `match_type`: a table that is written from the workbook can be merged. */
function headingOf(column: string): string {
  const words = column.replaceAll('_', ' ').replaceAll(/\b(?:sku|url|id)\b/g, (word) => word.toUpperCase());
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}
