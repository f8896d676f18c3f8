import { LookalikeError } from '../../../contract/errors.ts';
import type { Size } from '../../images/geometry.ts';
import { type PrintedPicture, THUMBNAIL_SIDE, toPrinted } from '../../images/photo.ts';
import type { LiveCatalog } from '../../snapshot/live-catalog.ts';
import type { Document } from '../document.ts';

/** What has the catalog's thumbnails. */
export type Thumbnails = Pick<LiveCatalog, 'thumbnails'>;

/** The pictures of a report, as JPEG. Those that are missing or damaged are left out: a report has a place without one. */
export class ReportPictures {
  readonly #document: Document;
  readonly #catalog: Thumbnails;
  readonly #side: number;

  /** @param side the most pixels of the longest side of pictures that are made */
  constructor(document: Document, catalog: Thumbnails, side: number) {
    this.#document = document;
    this.#catalog = catalog;
    this.#side = side;
  }

  /** By the numbers of rows. */
  async ofRows(rows: readonly number[]): Promise<ReadonlyMap<number, PrintedPicture>> {
    const read = rows.map(async (row): Promise<[number, PrintedPicture][]> => {
      const picture = this.#document.state.rows.get(row)?.picture;
      const bytes = picture ? await this.#document.picture(picture.thumbnail) : null;
      // Thumbnails of rows are JPEG, and as large as they are printed: to make them smaller takes longer than to write them.
      return picture && bytes ? [[row, { bytes, ...fitted(picture, THUMBNAIL_SIDE) }]] : [];
    });
    return new Map((await Promise.all(read)).flat());
  }

  /** The large pictures by the numbers of rows. */
  async largeOfRows(rows: readonly number[]): Promise<ReadonlyMap<number, PrintedPicture>> {
    const { state } = this.#document;
    const made = rows.map(async (row): Promise<[number, PrintedPicture][]> => {
      const place = state.rows.get(row)?.picture?.large;
      const bytes = place ? await this.#document.picture(place) : null;
      const printed = bytes && (await this.#printed(bytes));
      return printed ? [[row, printed]] : [];
    });
    return new Map((await Promise.all(made)).flat());
  }

  /** The catalog's thumbnails as they are, WebP, for browsers. */
  thumbnails(ids: readonly string[]): ReturnType<Thumbnails['thumbnails']> {
    return this.#catalog.thumbnails(ids);
  }

  /** By the ids of thumbnails. */
  async ofProducts(ids: readonly string[]): Promise<ReadonlyMap<string, PrintedPicture>> {
    const found = await this.#catalog.thumbnails([...new Set(ids)]);
    const made = found.map(async ({ id, bytes }): Promise<[string, PrintedPicture][]> => {
      const printed = await this.#printed(bytes);
      return printed ? [[id, printed]] : [];
    });
    return new Map((await Promise.all(made)).flat());
  }

  async #printed(bytes: Uint8Array): Promise<PrintedPicture | null> {
    try {
      return await toPrinted(bytes, this.#side);
    } catch (error) {
      if (error instanceof LookalikeError && error.code.startsWith('IMAGE_')) return null;
      throw error;
    }
  }
}

/** The size of a picture whose longest side is at most so many pixels. */
function fitted({ width, height }: Size, side: number): Size {
  const scale = Math.min(1, side / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}
