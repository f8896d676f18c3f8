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

  similarity(query: Float32Array, row: number): number {
    return this.#rows.pictures.vectors.similarity(query, this.#rows.pictureOf[row] ?? 0);
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
      const [category, imageHash] = [this.#categoryOf(row), this.hashOf(row)];
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
  neighbour({ group: style, row, score }: RankedGroup): Neighbour {
    const styles = this.#styles;
    const { fields } = this.#rows;
    const pictured = () => this.#picturedRows(style);
    const product = this.#grouping.productOf[row] ?? 0;
    const { colorSignature, subjectColors } = this.featuresOf(row);
    return {
      uid: this.uidOf(product),
      get product() {
        return fields.productAt(row);
      },
      styleId: styles.idOf(style),
      get style() {
        return styles.of(style, product);
      },
      imageHash: this.hashOf(row),
      category: this.#categoryOf(row),
      get imageCount() {
        return [...pictured()].length;
      },
      score,
      colorSignature,
      subjectColors,
    };
  }

  hashOf(row: number): string {
    const { imageHash } = this.#rows.columns;
    return imageHash.values[imageHash.of[row] ?? 0] ?? '';
  }

  #categoryOf(row: number): string | null {
    const { category } = this.#rows.columns;
    return category.values[category.of[row] ?? 0] ?? null;
  }

  /** The uid of a product. */
  uidOf(product: number): string {
    return this.#rows.columns.uid.values[this.#grouping.ids[product] ?? 0] ?? '';
  }
}
