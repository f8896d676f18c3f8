import { skuKeyOf } from '../../contract/product-codes.ts';
import { styleIdOf, uidOf } from '../catalog/product-ids.ts';
import type { StagedRow } from '../catalog/rows.ts';
import type { ImageContent, ImageRow, PictureFeatures } from '../catalog/schema.ts';
import type { Staging } from '../catalog/staging.ts';
import type { FeedProduct } from '../feed/product.ts';
import { colorName } from '../images/color-name.ts';
import type { PriorityGate } from '../work/priority-gate.ts';

/**
 * A kill loses the batch being written and the one that gathers meanwhile, and no more embedding than that. Each write
 * makes a version and files of the table, so not much smaller.
 */
const WRITE_EVERY_ROWS = 60;
/** Rows whose picture is known lose nothing that would have to be done again. */
const WRITE_EVERY_KNOWN_ROWS = 2048;
const WRITE_EVERY_MS = 4000;

/** One picture that the feed wants in the catalog, and the row that stands in its place. */
export interface WantedImage {
  product: FeedProduct;
  index: number;
  ref: string;
  key: string;
  staged: StagedRow | undefined;
}

/** A picture as it was fetched. */
export interface FetchedPicture {
  imageHash: string;
  /** What the server or the file system said of the picture's freshness. */
  validator: string | null;
  /** Null when the catalog knows the picture. */
  content: ImageContent | null;
}

interface PendingRow {
  row: ImageRow;
  content: ImageContent | null;
}

/** Writes rows to the staging in batches, and sees the colours of products whose feed states none. */
export class RowWriter {
  readonly #staging: Staging;
  readonly #gate: PriorityGate;
  readonly #source: string;
  readonly #onWritten: (imageHash: string) => void;
  /** The colours that were seen in pictures of products whose feed states none, by image hash. */
  readonly #seenColors = new Map<string, string>();
  #pending: PendingRow[] = [];
  /** How many of the pending rows have content that would have to be made again. */
  #unsaved = 0;
  #lastWrite = performance.now();
  #writes: Promise<void> = Promise.resolve();

  /**
   * @param source id of the saved source that the products are of; empty for none
   * @param onWritten called with the picture of each row that was written
   */
  constructor(staging: Staging, gate: PriorityGate, source: string, onWritten: (imageHash: string) => void) {
    this.#staging = staging;
    this.#gate = gate;
    this.#source = source;
    this.#onWritten = onWritten;
  }

  /** Queues a row, unless it is staged already just like that, and writes when a batch is full or due. */
  async put(
    { product, index, ref, key, staged }: WantedImage,
    { imageHash, validator: imageValidator, content }: FetchedPicture,
  ): Promise<void> {
    if (
      content === null &&
      staged?.rowHash === product.rowHash &&
      staged.imageHash === imageHash &&
      staged.imageRef === ref &&
      staged.imageValidator === imageValidator
    ) {
      return;
    }
    const fields = productFields(product, this.#source);
    this.#pending.push({
      row: { ...fields, key, imageIndex: index, imageRef: ref, imageValidator, imageHash },
      content,
    });
    if (content) this.#unsaved++;
    const due = this.#unsaved > 0 && performance.now() - this.#lastWrite > WRITE_EVERY_MS;
    const many = this.#unsaved >= WRITE_EVERY_ROWS || this.#pending.length >= WRITE_EVERY_KNOWN_ROWS;
    if (many || due) await this.write();
  }

  /** Writes what is pending. One write follows the other. */
  write(): Promise<void> {
    this.#lastWrite = performance.now();
    const turn = this.#writes.then(async () => {
      const pending = this.#pending.splice(0);
      this.#unsaved = 0;
      await this.#gate.bulk();
      await this.#seeColors(pending);
      await this.#gate.bulk();
      await this.#staging.write(pending.map(({ row, content }) => ({ row: this.#withColor(row), content })));
      for (const { row } of pending) this.#onWritten(row.imageHash);
    });
    this.#writes = turn.catch(() => {});
    return turn;
  }

  /** Sees the colours of products whose feed says none. */
  async #seeColors(pending: readonly PendingRow[]): Promise<void> {
    const features = new Map<string, PictureFeatures>();
    const known = new Set<string>();
    for (const { row, content } of pending) {
      if (!lacksColor(row) || this.#seenColors.has(row.imageHash)) continue;
      if (content) features.set(row.imageHash, content);
      else known.add(row.imageHash);
    }
    for (const [hash, made] of await this.#staging.pictures.featuresOf([...known])) features.set(hash, made);
    for (const [hash, made] of features) this.#seenColors.set(hash, colorName(made.colorSignature));
  }

  /**
   * Where the feed states no colour, a product has the colour of its first picture, so that there is something to filter by.
   * The rows of its other pictures stay without a colour: the first row is the one that speaks for the product.
   */
  #withColor(row: ImageRow): ImageRow {
    const color = lacksColor(row) ? this.#seenColors.get(row.imageHash) : undefined;
    if (color === undefined) return row;
    return { ...row, color, colorFrom: 'picture', styleId: styleIdOf({ ...row, color }) };
  }
}

const lacksColor = ({ color, imageIndex }: ImageRow): boolean => color === null && imageIndex === 0;

/** What a row keeps of its product. */
function productFields({ images: _, ...product }: FeedProduct, source: string) {
  const uid = uidOf(source, product.productId);
  const colorFrom = product.color === null ? null : ('feed' as const);
  const styleId = styleIdOf({ ...product, uid, source });
  return { ...product, uid, source, styleId, colorFrom, skuKey: skuKeyOf(product.sku) };
}
