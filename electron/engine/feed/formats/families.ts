import { MOST_HELD_CHARACTERS } from '../../../contract/limits.ts';
import type { FeedPart } from '../format.ts';
import { problem } from '../problem.ts';
import type { ShopRow } from './shop-table.ts';

/** A row that is a product, and the product that it is a variation of. */
export interface Joined<Name extends string> {
  row: ShopRow<Name>;
  parent: ShopRow<Name> | null;
}

type JoinedPart<Name extends string> = Joined<Name> | Extract<FeedPart, { problem: unknown }>;

/**
 * Brings the variations of an export to their products, in whichever order they stand. What has to be kept for that is
 * bounded; variations beyond it are left out, each a problem.
 */
export class Families<Name extends string> {
  readonly #parents = new Map<string, ShopRow<Name>>();
  /** Variations whose product has not been read yet, by what it will be known by. */
  readonly #waiting = new Map<string, ShopRow<Name>[]>();
  /** Products that no variation was found of. */
  readonly #childless = new Set<ShopRow<Name>>();
  readonly #most: number;
  #held = 0;

  /** @param most characters that are kept at a time */
  constructor(most = MOST_HELD_CHARACTERS) {
    this.#most = most;
  }

  /**
   * A product that has variations.
   * @param keys what brings its variations to it
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

  /** A variation of the product with this key. */
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

  /** At the end of the export: variations whose product is not in it, and products without variations. */
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
