/** XML of the parts of a workbook (ECMA-376), as text. */

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATED = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';

/** The most characters of a cell. */
const MOST_CHARACTERS = 32_767;

/** The places of a cell's style in `STYLES`. */
export const STYLE = {
  plain: 0,
  head: 1,
  escaped: 2,
  date: 3,
  wrapped: 4,
  percent: 5,
  title: 6,
  price: 7,
} as const;
export type Style = (typeof STYLE)[keyof typeof STYLE];

const ESCAPED: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text as XML 1.0 can have it. Excel reads `_x0041_` as a character, so an underscore before such a code is written as one. */
export function xmlText(text: string): string {
  const short = text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS - 1)}…` : text;
  return short
    .replaceAll(/_(?=x[0-9a-f]{4}_)/gi, '_x005F_')
    .replaceAll(/[&<>"]/g, (sign) => ESCAPED[sign] ?? sign)
    .replaceAll(NO_XML, '\ufffd');
}

/** What is no `Char` of XML 1.0: most control characters, and halves of surrogate pairs. */
const NO_XML = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

/** A cell of text, which no program takes for a formula: neither its type nor its style lets it. */
export const textCell = (at: string, text: string, style: Style): string =>
  text === ''
    ? ''
    : `<c r="${at}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${xmlText(text)}</t></is></c>`;

export const numberCell = (at: string, value: number, style: Style): string =>
  Number.isFinite(value) ? `<c r="${at}" s="${style}"><v>${value}</v></c>` : '';

/** A, B, …, Z, AA, … by the place from 0. */
export function columnName(place: number): string {
  const last = String.fromCharCode(65 + (place % 26));
  return place < 26 ? last : columnName(Math.floor(place / 26) - 1) + last;
}

export interface Sheet {
  /** In characters. */
  widths: readonly number[];
  /** Columns and rows that stay while the others scroll. */
  frozen: { columns: number; rows: number };
  /** The cells that can be filtered, as `A1:C9`. */
  filtered: string | null;
  /** The cells that take a match type. */
  matches: string | null;
  hasDrawing: boolean;
  /** Printed one page wide. */
  fitted: boolean;
}

export function sheetStart({ widths, frozen, fitted }: Pick<Sheet, 'widths' | 'frozen' | 'fitted'>): string {
  const { columns, rows } = frozen;
  const pane =
    columns + rows === 0
      ? ''
      : `<pane${columns > 0 ? ` xSplit="${columns}"` : ''}${rows > 0 ? ` ySplit="${rows}"` : ''} topLeftCell="${columnName(columns)}${rows + 1}" activePane="${columns > 0 ? 'bottomRight' : 'bottomLeft'}" state="frozen"/>`;
  const cols = widths.map(
    (width, i) => `<col min="${i + 1}" max="${i + 1}" width="${width}" customWidth="1"/>`,
  );
  return `${HEAD}<worksheet xmlns="${MAIN}" xmlns:r="${RELATED}">${fitted ? '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>' : ''}<sheetViews><sheetView workbookViewId="0">${pane}</sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/><cols>${cols.join('')}</cols><sheetData>`;
}

export function sheetEnd({
  filtered,
  matches,
  hasDrawing,
}: Pick<Sheet, 'filtered' | 'matches' | 'hasDrawing'>): string {
  const filter = filtered ? `<autoFilter ref="${filtered}"/>` : '';
  const validation = matches
    ? `<dataValidations count="1"><dataValidation type="list" allowBlank="1" sqref="${matches}"><formula1>"same,equivalent,similar,none,unsure"</formula1></dataValidation></dataValidations>`
    : '';
  const drawing = hasDrawing ? '<drawing r:id="rId1"/>' : '';
  return `</sheetData>${filter}${validation}<pageMargins left="0.5" right="0.5" top="0.5" bottom="0.5" header="0.3" footer="0.3"/><pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>${drawing}</worksheet>`;
}

/** A picture in a cell: what it covers of the cell, in pixels. */
export interface Anchor {
  column: number;
  row: number;
  left: number;
  top: number;
  width: number;
  height: number;
  /** What it shows, in words. */
  text: string;
  /** The name of its file in `xl/media`. */
  file: string;
}

/** English Metric Units a pixel. */
const EMU = 9525;

/** A drawing with pictures, which move and are hidden with their cells when rows are sorted or filtered. */
export class Drawing {
  readonly #pictures: Buffer[] = [];
  /** By the names of their files. */
  readonly #ids = new Map<string, number>();

  add(anchor: Anchor): void {
    const id = this.#ids.get(anchor.file) ?? this.#ids.size + 1;
    this.#ids.set(anchor.file, id);
    this.#pictures.push(Buffer.from(pictureXml(anchor, this.#pictures.length + 1, id)));
  }

  xml(): Uint8Array {
    const start = `${HEAD}<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="${RELATED}">`;
    return Buffer.concat([Buffer.from(start), ...this.#pictures, Buffer.from('</xdr:wsDr>')]);
  }

  relations(): string {
    return relationsXml(
      [...this.#ids].map(([file, id]) => ({ id: `rId${id}`, type: 'image', target: `../media/${file}` })),
    );
  }
}

function pictureXml(
  { column, row, left, top, width, height, text }: Anchor,
  number: number,
  id: number,
): string {
  const corner = (x: number, y: number) =>
    `<xdr:col>${column}</xdr:col><xdr:colOff>${Math.round(x * EMU)}</xdr:colOff><xdr:row>${row}</xdr:row><xdr:rowOff>${Math.round(y * EMU)}</xdr:rowOff>`;
  const size = `<a:off x="0" y="0"/><a:ext cx="${Math.round(width * EMU)}" cy="${Math.round(height * EMU)}"/>`;
  return (
    `<xdr:twoCellAnchor editAs="twoCell"><xdr:from>${corner(left, top)}</xdr:from><xdr:to>${corner(left + width, top + height)}</xdr:to>` +
    `<xdr:pic><xdr:nvPicPr><xdr:cNvPr id="${number}" name="Picture ${number}" descr="${xmlText(text)}"/><xdr:cNvPicPr><a:picLocks noChangeAspect="1"/></xdr:cNvPicPr></xdr:nvPicPr>` +
    `<xdr:blipFill><a:blip r:embed="rId${id}"/><a:stretch><a:fillRect/></a:stretch></xdr:blipFill>` +
    `<xdr:spPr><a:xfrm>${size}</a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></xdr:spPr></xdr:pic><xdr:clientData/></xdr:twoCellAnchor>`
  );
}

export function relationsXml(relations: readonly { id: string; type: string; target: string }[]): string {
  const each = relations.map(
    ({ id, type, target }) => `<Relationship Id="${id}" Type="${RELATED}/${type}" Target="${target}"/>`,
  );
  return `${HEAD}<Relationships xmlns="${PACKAGE}/relationships">${each.join('')}</Relationships>`;
}

export function contentTypesXml(sheets: number): string {
  const kind = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
  const sheetTypes = Array.from(
    { length: sheets },
    (_, i) => `<Override PartName="/xl/worksheets/sheet${i + 1}.xml" ContentType="${kind}.worksheet+xml"/>`,
  );
  return `${HEAD}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Default Extension="jpeg" ContentType="image/jpeg"/><Override PartName="/xl/workbook.xml" ContentType="${kind}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${kind}.styles+xml"/><Override PartName="/xl/drawings/drawing1.xml" ContentType="application/vnd.openxmlformats-officedocument.drawing+xml"/>${sheetTypes.join('')}</Types>`;
}

/** @param sheets `printed`: the cells that are printed, null for all; `heading`: whether the first row is printed on each page */
export function workbookXml(
  sheets: readonly { name: string; filtered: string | null; printed: string | null; heading: boolean }[],
): string {
  const listed = sheets.map(
    ({ name }, i) => `<sheet name="${xmlText(name)}" sheetId="${i + 1}" r:id="rId${i + 1}"/>`,
  );
  const defined = sheets.flatMap(({ name, filtered, printed, heading }, i) => {
    const of = (what: string, cells: string, hidden: string) =>
      `<definedName name="_xlnm.${what}" localSheetId="${i}"${hidden}>${xmlText(`'${name}'!${cells}`)}</definedName>`;
    return [
      ...(filtered ? [of('_FilterDatabase', absolute(filtered), ' hidden="1"')] : []),
      ...(printed ? [of('Print_Area', absolute(printed), '')] : []),
      ...(heading ? [of('Print_Titles', '$1:$1', '')] : []),
    ];
  });
  const names = defined.length > 0 ? `<definedNames>${defined.join('')}</definedNames>` : '';
  return `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${RELATED}"><sheets>${listed.join('')}</sheets>${names}</workbook>`;
}

/** `A1:B2` as `$A$1:$B$2`. */
const absolute = (cells: string): string => cells.replaceAll(/([A-Z]+)(\d+)/g, '$$$1$$$2');

/** The styles of `STYLE`, in its order. `quotePrefix`: the text is text even after somebody has edited it. */
export const STYLES = `${HEAD}<styleSheet xmlns="${MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/></numFmts><fonts count="3"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="16"/><name val="Calibri"/></font></fonts><fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid"><fgColor rgb="FFF0ECE5"/></patternFill></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="8"><xf xfId="0" applyAlignment="1"><alignment vertical="center"/></xf><xf xfId="0" fontId="1" fillId="2" applyFont="1" applyFill="1" applyAlignment="1"><alignment vertical="center" wrapText="1"/></xf><xf xfId="0" quotePrefix="1" applyAlignment="1"><alignment vertical="center" wrapText="1"/></xf><xf xfId="0" numFmtId="164" applyNumberFormat="1" applyAlignment="1"><alignment vertical="center"/></xf><xf xfId="0" applyAlignment="1"><alignment vertical="center" wrapText="1"/></xf><xf xfId="0" numFmtId="9" applyNumberFormat="1" applyAlignment="1"><alignment vertical="center"/></xf><xf xfId="0" fontId="2" applyFont="1"/><xf xfId="0" numFmtId="4" applyNumberFormat="1" applyAlignment="1"><alignment vertical="center"/></xf></cellXfs></styleSheet>`;
