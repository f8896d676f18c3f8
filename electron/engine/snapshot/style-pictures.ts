import type { Product, Style } from '../../contract/catalog.ts';
import type { Grouping } from './grouping.ts';
import type { RankedGroup } from './ranking.ts';
import type { ResidentRows } from './resident.ts';
import type { Neighbour } from './searchable.ts';
import type { StyleReader } from './styles.ts';

/** The features of one picture of a style, for comparing pictures with each other. */
export interface ImageFeatures {
  /** A product that shows it. */
  uid: string;
  /** When several styles share a card, the id of the first one. */
  styleId: string;
  category: string | null;
  imageHash: string;
  /** Unit length. */
  vector: Float32Array;
  /** See `colorSimilarity`. */
  colorSignature: Uint8Array;
  /** Of its subject; null where it is not known. */
  subjectColors: Uint8Array | null;
}

/** The pictures that a snapshot's styles show, and the result for a style that was found by one of them. */
export class StylePictures {
  readonly #rows: ResidentRows;
  readonly #grouping: Grouping;
  readonly #styles: StyleReader;

  constructor(rows: ResidentRows, grouping: Grouping, styles: StyleReader) {
    this.#rows = rows;
    this.#grouping = grouping;
    this.#styles = styles;
  }

  /** Of a query and the pictures of rows. */
  similarities(query: Float32Array, rows: readonly number[]): number[] {
    const { pictures, pictureOf } = this.#rows;
    return pictures.vectors.similarities(
      query,
      rows.map((row) => pictureOf[row] ?? 0),
    );
  }

  featuresOf(row: number): Pick<ImageFeatures, 'vector' | 'colorSignature' | 'subjectColors'> {
    const { pictures, pictureOf } = this.#rows;
    const picture = pictureOf[row] ?? 0;
    return {
      vector: pictures.vectors.at(picture),
      colorSignature: pictures.colorSignature(picture),
      subjectColors: pictures.subjectColors(picture),
    };
  }

  /** A style's different pictures, in the feed's order. The arrays are views, and must not be changed. */
  *imagesOf(style: number): Generator<ImageFeatures> {
    const styleId = this.#styles.idOf(style);
    for (const row of this.#picturedRows(style)) {
      const uid = this.uidOf(this.#grouping.productOf[row] ?? 0);
      const [category, imageHash] = [this.categoryOf(row), this.hashOf(row)];
      yield { uid, styleId, category, imageHash, ...this.featuresOf(row) };
    }
  }

  /** The first row of a style for each of its pictures. */
  *#picturedRows(style: number): Generator<number> {
    const { styleStarts, products } = this.#grouping;
    const [from = 0, to = 0] = [styleStarts[style], styleStarts[style + 1]];
    const seen = new Set<number>();
    for (const row of products.members.subarray(products.starts[from], products.starts[to])) {
      const picture = this.#rows.pictureOf[row] ?? 0;
      if (!seen.has(picture)) yield row;
      seen.add(picture);
    }
  }

  /** The result for a style that was found. Its lazily read parts stay valid as long as the snapshot is held. */
  neighbour(found: RankedGroup): Neighbour {
    return new FoundStyle(found, this, this.#rows, this.#styles);
  }

  /** How many different pictures a style has. */
  countOf(style: number): number {
    return [...this.#picturedRows(style)].length;
  }

  productOf(row: number): number {
    return this.#grouping.productOf[row] ?? 0;
  }

  hashOf(row: number): string {
    const { imageHash } = this.#rows.columns;
    return imageHash.values[imageHash.of[row] ?? 0] ?? '';
  }

  categoryOf(row: number): string | null {
    const { category } = this.#rows.columns;
    return category.values[category.of[row] ?? 0] ?? null;
  }

  /** The uid of a product. */
  uidOf(product: number): string {
    return this.#rows.columns.uid.values[this.#grouping.ids[product] ?? 0] ?? '';
  }
}

/** A class, because object literals with getters took a tenth of a query: hundreds are made for each. */
class FoundStyle implements Neighbour {
  readonly uid: string;
  readonly styleId: string;
  readonly imageHash: string;
  readonly category: string | null;
  readonly score: number;
  readonly colorSignature: Uint8Array;
  readonly subjectColors: Uint8Array | null;
  readonly #found: RankedGroup;
  readonly #pictures: StylePictures;
  readonly #rows: ResidentRows;
  readonly #styles: StyleReader;

  constructor(found: RankedGroup, pictures: StylePictures, rows: ResidentRows, styles: StyleReader) {
    const { group, row, score } = found;
    const picture = rows.pictureOf[row] ?? 0;
    this.uid = pictures.uidOf(pictures.productOf(row));
    this.styleId = styles.idOf(group);
    this.imageHash = pictures.hashOf(row);
    this.category = pictures.categoryOf(row);
    this.score = score;
    this.colorSignature = rows.pictures.colorSignature(picture);
    this.subjectColors = rows.pictures.subjectColors(picture);
    this.#found = found;
    this.#pictures = pictures;
    this.#rows = rows;
    this.#styles = styles;
  }

  get product(): Product {
    return this.#rows.fields.productAt(this.#found.row);
  }

  get style(): Style {
    return this.#styles.of(this.#found.group, this.#pictures.productOf(this.#found.row));
  }

  get imageCount(): number {
    return this.#pictures.countOf(this.#found.group);
  }
}
