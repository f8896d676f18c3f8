import type { ComparedProduct, ComparisonRow } from '../../electron/contract/compare.ts';
import { MATCH_NAMES, PICTURE_BANDS } from '../../electron/contract/match-names.ts';
import { thumbnailUrl } from '../engine/thumbnails.ts';
import { formatPrice } from '../ui/format.ts';
import type { LoadedRows } from './loaded-rows.ts';
import { rowFactsInWords, rowName } from './row-words.ts';

/** In pixels: wide enough for half a slide. The colours are those of paper in both themes, because slides are light. */
const WIDTH = 1200;
const MARGIN = 32;
const GAP = 24;
const FRAME = { width: (WIDTH - 2 * MARGIN - GAP) / 2, height: 640 };
const HEAD = 56;
const LINE = 28;
const HEIGHT = MARGIN + HEAD + FRAME.height + 4 * LINE + MARGIN;
const PAPER = '#ffffff';
const MOUNT = '#f3f0ea';
const INK = '#1e1c19';
const QUIET = '#6b655c';

interface Half {
  /** An object URL; undefined where there is no picture. */
  url: string | undefined;
  label: string;
  title: string;
  facts: string;
}

/** Draws a row's picture and a product side by side, with the decision and what they cost, as a PNG. */
export async function pairPicture(
  row: ComparisonRow,
  product: ComparedProduct | null,
  loaded: LoadedRows,
): Promise<Blob> {
  const canvas = new OffscreenCanvas(WIDTH, HEIGHT);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('This window cannot draw.');
  context.fillStyle = PAPER;
  context.fillRect(0, 0, WIDTH, HEIGHT);
  write(context, verdictOf(row, product), { x: MARGIN, y: MARGIN + 24, size: 26, weight: 600, color: INK });
  const theirs: Half = {
    url: loaded.large.get(row.row),
    label: 'Theirs',
    title: rowName(row),
    facts: rowFactsInWords(row),
  };
  const price = product && product.price !== null ? formatPrice(product.price, product.currency) : null;
  const ours: Half = {
    url: product ? thumbnailUrl(product.thumbnail) : undefined,
    label: 'Ours',
    title: product?.title ?? 'Nothing like it',
    facts: [price, product?.color, product?.sku, product?.brand].filter((fact) => fact).join(' · '),
  };
  await drawHalf(context, theirs, MARGIN);
  await drawHalf(context, ours, MARGIN + FRAME.width + GAP);
  return canvas.convertToBlob({ type: 'image/png' });
}

/** What is decided of this very product, or what the app makes of it. */
function verdictOf(row: ComparisonRow, product: ComparedProduct | null): string {
  const { decision } = row;
  if (decision && (decision.product === null || decision.product.uid === product?.uid))
    return MATCH_NAMES[decision.match];
  const band = row.candidates.find(({ uid }) => uid === product?.uid)?.band;
  return band ? `${PICTURE_BANDS[band]} (not decided)` : 'Not decided';
}

async function drawHalf(
  context: OffscreenCanvasRenderingContext2D,
  { url, label, title, facts }: Half,
  x: number,
): Promise<void> {
  const y = MARGIN + HEAD;
  context.fillStyle = MOUNT;
  context.fillRect(x, y, FRAME.width, FRAME.height);
  if (url !== undefined) {
    const picture = new Image();
    picture.src = url;
    await picture.decode();
    const { naturalWidth, naturalHeight } = picture;
    const scale = Math.min(FRAME.width / naturalWidth, FRAME.height / naturalHeight);
    const [width, height] = [naturalWidth * scale, naturalHeight * scale];
    context.imageSmoothingQuality = 'high';
    context.drawImage(picture, x + (FRAME.width - width) / 2, y + (FRAME.height - height) / 2, width, height);
  }
  const below = y + FRAME.height;
  write(context, label, { x, y: below + LINE, size: 16, weight: 400, color: QUIET });
  write(context, title, { x, y: below + 2 * LINE, size: 20, weight: 600, color: INK });
  write(context, facts, { x, y: below + 3 * LINE, size: 18, weight: 400, color: QUIET });
}

interface Placed {
  x: number;
  y: number;
  size: number;
  weight: number;
  color: string;
}

/** Writes one line, cut with an ellipsis where it is wider than a frame. */
function write(
  context: OffscreenCanvasRenderingContext2D,
  text: string,
  { x, y, size, weight, color }: Placed,
): void {
  context.font = `${weight} ${size}px "Inter Variable", system-ui, sans-serif`;
  context.fillStyle = color;
  const letters = [...text];
  const shown = (length: number) =>
    length === letters.length ? text : `${letters.slice(0, length).join('').trimEnd()}…`;
  let length = letters.length;
  while (length > 1 && context.measureText(shown(length)).width > FRAME.width) length--;
  context.fillText(shown(length), x, y);
}
