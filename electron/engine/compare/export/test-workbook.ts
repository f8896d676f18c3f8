import { posix } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { SaxesParser } from 'saxes';
import { openPromise } from 'yauzl';

interface Tag {
  name: string;
  attributes: Record<string, string>;
}

/** What a workbook holds, as a program that opens it finds it. */
export interface Workbook {
  /** The parts' names. */
  parts: string[];
  /** The cells of the first sheet by their names, as `A1`. */
  cells: Map<string, string>;
  formulas: number;
  /** The first sheet as it is printed: whether it fits a page's width, which cells, and those that each page repeats. */
  printed: { fitted: boolean; area: string; repeated: string };
  /** The places of pictures, from 0, with the bytes of their files. */
  pictures: { column: number; row: number; bytes: Buffer }[];
}

/** Reads a workbook: every part of XML must be well-formed, and every relation must lead to a part. */
export async function readWorkbook(path: string): Promise<Workbook> {
  const parts = await readParts(path);
  const part = (name: string): Buffer => {
    const bytes = parts.get(name);
    if (!bytes) throw new Error(`The workbook has no ${name}.`);
    return bytes;
  };
  for (const name of parts.keys()) {
    if (!/\.(?:xml|rels)$/.test(name)) continue;
    const isRelations = name.endsWith('.rels');
    const folder = posix.join(posix.dirname(name), '..');
    parse(String(part(name)), ({ attributes: { Target } }) => {
      if (isRelations && Target !== undefined) part(posix.normalize(posix.join(folder, Target)));
    });
  }
  const files = new Map<string, string>();
  parse(String(part('xl/drawings/_rels/drawing1.xml.rels')), ({ attributes: { Id, Target } }) => {
    if (Id && Target) files.set(Id, posix.join('xl/drawings', Target));
  });
  const cells = new Map<string, string>();
  let [at, formulas] = ['', 0];
  const printed = { fitted: false, area: '', repeated: '' };
  let defined: string | undefined = '';
  const readNames = ({ name, attributes }: Tag) => {
    defined = name === 'definedName' ? attributes.name : '';
  };
  parse(String(part('xl/workbook.xml')), readNames, (text) => {
    if (defined === '_xlnm.Print_Titles') printed.repeated += text;
    if (defined === '_xlnm.Print_Area') printed.area += text;
  });
  const readCell = ({ name, attributes }: Tag) => {
    if (name === 'pageSetUpPr') printed.fitted = attributes.fitToPage === '1';
    if (name === 'c') at = attributes.r ?? '';
    if (name === 'f') formulas++;
  };
  parse(String(part('xl/worksheets/sheet1.xml')), readCell, (text, name) => {
    if (name === 't' || name === 'v') cells.set(at, text);
  });
  const pictures: Workbook['pictures'] = [];
  const place = { column: 0, row: 0 };
  let isFrom = false;
  const readPicture = ({ name, attributes }: Tag) => {
    if (name === 'xdr:from' || name === 'xdr:to') isFrom = name === 'xdr:from';
    const file = files.get(attributes['r:embed'] ?? '');
    if (file) pictures.push({ ...place, bytes: part(file) });
  };
  parse(String(part('xl/drawings/drawing1.xml')), readPicture, (text, name) => {
    if (isFrom && name === 'xdr:col') place.column = Number(text);
    if (isFrom && name === 'xdr:row') place.row = Number(text);
  });
  return { parts: [...parts.keys()], cells, formulas, printed, pictures };
}

async function readParts(path: string): Promise<Map<string, Buffer>> {
  const zip = await openPromise(path);
  const parts = new Map<string, Buffer>();
  for await (const entry of zip.eachEntry())
    parts.set(entry.fileName, await buffer(await zip.openReadStreamPromise(entry)));
  return parts;
}

/** Calls back for every tag and for the text in it; throws where the XML is not well-formed. */
function parse(
  xml: string,
  onTag: (tag: Tag) => void,
  onText: (text: string, name: string) => void = () => {},
): void {
  const parser = new SaxesParser();
  const open: string[] = [];
  parser.on('opentag', ({ name, attributes }) => {
    open.push(name);
    onTag({ name, attributes });
  });
  parser.on('text', (text) => onText(text, open.at(-1) ?? ''));
  parser.on('closetag', () => open.pop());
  parser.on('error', (error) => {
    throw error;
  });
  parser.write(xml).close();
}
