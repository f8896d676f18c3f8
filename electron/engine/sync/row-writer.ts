import { skuKeyOf } from '../../contract/product-codes.ts';
import { styleIdOf, uidOf } from '../catalog/product-ids.ts';
import type { StagedRow } from '../catalog/rows.ts';
import type { ImageContent, ImageRow, PictureFeatures } from '../catalog/schema.ts';
import type { Staging } from '../catalog/staging.ts';
import type { FeedProduct } from '../feed/product.ts';
import { colorName } from '../images/color-name.ts';
import type { PriorityGate } from '../work/priority-gate.ts';

/**
 * New rows per write. A kill loses the embeddings of the batch being written and of the next one that is being filled. Each
 * write adds a version and files to the table, so the batch is not much smaller.
 */
const WRITE_EVERY_ROWS = 60;
/** Rows per write when all pictures are known: no embedding can be lost. */
const WRITE_EVERY_KNOWN_ROWS = 2048;
const WRITE_EVERY_MS = 4000;

/** One picture that the feed has, and the row that it replaces. */
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
  /** The validator that the server or the file system gave for the picture. */
  validator: string | null;
  /** Null when the catalog has the picture already. */
  content: ImageContent | null;
}

interface PendingRow {
  row: ImageRow;
  content: ImageContent | null;
}

/** Writes rows to the staging in batches. Names a colour from the picture for products whose feed gives none. */
export class RowWriter {
  readonly #staging: Staging;
  readonly #gate: PriorityGate;
  readonly #source: string;
  readonly #onWritten: (imageHash: string) => void;
  /** Colour names found in pictures of products whose feed gives none, by image hash. */
  readonly #seenColors = new Map<string, string>();
  #pending: PendingRow[] = [];
  /** Pending rows whose content would have to be made again after a kill. */
  #unsaved = 0;
  #lastWrite = performance.now();
  #writes: Promise<void> = Promise.resolve();

  /**
   * @param source id of the saved source of the products; empty for none
   * @param onWritten called with the picture of each row that was written
   */
  constructor(staging: Staging, gate: PriorityGate, source: string, onWritten: (imageHash: string) => void) {
    this.#staging = staging;
    this.#gate = gate;
    this.#source = source;
    this.#onWritten = onWritten;
  }

  /** Queues a row, unless the same row is staged already. Writes when a batch is full or due. */
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

  /** Writes the pending rows. Writes run one after the other. */
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

  /** Names the colours of products whose feed gives none. */
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
   * When the feed gives no colour, a product gets the colour of its first picture, so that it can be filtered by colour. The
   * rows of its other pictures have no colour: the first row stands for the product.
   */
  #withColor(row: ImageRow): ImageRow {
    const color = lacksColor(row) ? this.#seenColors.get(row.imageHash) : undefined;
    if (color === undefined) return row;
    return { ...row, color, colorFrom: 'picture', styleId: styleIdOf({ ...row, color }) };
  }
}

const lacksColor = ({ color, imageIndex }: ImageRow): boolean => color === null && imageIndex === 0;

/** The fields of a product that a row keeps. */
function productFields({ images: _, ...product }: FeedProduct, source: string) {
  const uid = uidOf(source, product.productId);
  const colorFrom = product.color === null ? null : ('feed' as const);
  const styleId = styleIdOf({ ...product, uid, source });
  return { ...product, uid, source, styleId, colorFrom, skuKey: skuKeyOf(product.sku) };
}
