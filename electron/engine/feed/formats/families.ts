import { MOST_HELD_CHARACTERS } from '../../../contract/limits.ts';
import type { FeedPart } from '../format.ts';
import { problem } from '../problem.ts';
import type { ShopRow } from './shop-table.ts';

/** A row that is a product, and the parent product when the row is a variation. */
export interface Joined<Name extends string> {
  row: ShopRow<Name>;
  parent: ShopRow<Name> | null;
}

type JoinedPart<Name extends string> = Joined<Name> | Extract<FeedPart, { problem: unknown }>;

/**
 * Joins the variations of an export with their parent products, in whatever order they come. The memory for this is limited;
 * variations beyond the limit are left out, each a problem.
 */
export class Families<Name extends string> {
  readonly #parents = new Map<string, ShopRow<Name>>();
  /** Variations whose parent has not been read yet, by the parent's key. */
  readonly #waiting = new Map<string, ShopRow<Name>[]>();
  /** Parents without variations so far. */
  readonly #childless = new Set<ShopRow<Name>>();
  readonly #most: number;
  #held = 0;

  /** @param most characters that are kept at once */
  constructor(most = MOST_HELD_CHARACTERS) {
    this.#most = most;
  }

  /**
   * Adds a product that has variations.
   * @param keys by which its variations refer to it
   */
  *parent(row: ShopRow<Name>, keys: readonly string[]): Generator<JoinedPart<Name>> {
    if (!this.#hold(row)) {
      yield left(row);
      return;
    }
    this.#childless.add(row);
    for (const key of keys) {
      this.#parents.set(key, row);
      const children = this.#waiting.get(key) ?? [];
      this.#waiting.delete(key);
      for (const child of children) {
        this.#held -= sizeOf(child);
        yield this.#join(child, row);
      }
    }
  }

  /** Adds a variation of the product with this key. */
  *child(row: ShopRow<Name>, key: string): Generator<JoinedPart<Name>> {
    const parent = this.#parents.get(key);
    if (parent) yield this.#join(row, parent);
    else if (this.#hold(row)) this.#waiting.set(key, [...(this.#waiting.get(key) ?? []), row]);
    else yield left(row);
  }

  /** Whether the product with this key was read. */
  has(key: string): boolean {
    return this.#parents.has(key);
  }

  /** At the end of the export: variations without a parent, and parents without variations. */
  *rest(): Generator<Joined<Name>> {
    for (const row of [...this.#waiting.values()].flat()) yield { row, parent: null };
    for (const row of this.#childless) yield { row, parent: null };
  }

  #join(row: ShopRow<Name>, parent: ShopRow<Name>): Joined<Name> {
    this.#childless.delete(parent);
    return { row, parent };
  }

  #hold(row: ShopRow<Name>): boolean {
    const size = sizeOf(row);
    if (this.#held + size > this.#most) return false;
    this.#held += size;
    return true;
  }
}

function sizeOf<Name extends string>({ cells, rest }: ShopRow<Name>): number {
  return [...Object.values(cells), ...Object.values(rest)].reduce(
    (sum: number, cell) => sum + String(cell).length,
    0,
  );
}

const left = ({ place }: { place: string }): Extract<FeedPart, { problem: unknown }> => ({
  problem: problem(place, { code: 'FAMILY_TOO_FAR', params: { count: 1 } }),
});
