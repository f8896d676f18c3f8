import type { PlanGroup, PlanItem, SyncPlan } from '../../contract/publishing.ts';
import { changedFields, isPriceOnly, type ShownProduct } from '../catalog/compare.ts';
import { uidOf } from '../catalog/product-ids.ts';
import type { ImageRow } from '../catalog/schema.ts';
import type { FeedProduct } from '../feed/product.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';

const MOST_EXAMPLES = 50;

/** More than this share of the published products gone asks first (DESIGN §6): a broken feed looks just like that. */
const REMOVALS_TO_CONFIRM = 0.3;

type Changes = PlanItem['changes'];

/** Compares a feed's products, as they are read, with what is published. */
export class PlanBuilder {
  readonly #live: Snapshot | null;
  readonly #source: string;
  readonly #seen = new Set<string>();
  readonly #added: PlanGroup = { count: 0, examples: [] };
  readonly #changed: PlanGroup = { count: 0, examples: [] };
  readonly #priceOnly: PlanGroup = { count: 0, examples: [] };
  readonly #pictures = { toFetch: 0, known: 0 };
  #unchanged = 0;

  /** @param source id of the saved source that the products are of; empty for none */
  constructor(live: Snapshot | null, source = '') {
    this.#live = live;
    this.#source = source;
  }

  /** A product of a feed: of its pictures only the references are known. */
  add(product: FeedProduct): void {
    const uid = uidOf(this.#source, product.productId);
    const rows = this.#rowsOf(uid);
    const refs = new Set(rows.map((row) => row.imageRef));
    const known = product.images.filter((ref) => refs.has(ref)).length;
    this.#pictures.known += known;
    this.#pictures.toFetch += product.images.length - known;
    const before = rows.map(({ imageRef }) => imageRef);
    this.#place(uid, product, rows, { before, after: product.images });
  }

  /** A product of a pack, which has its pictures. @param imageHashes of its images, in order */
  addPacked(product: ShownProduct & { uid: string }, imageHashes: readonly string[]): void {
    const rows = this.#rowsOf(product.uid);
    this.#pictures.known += imageHashes.length;
    this.#place(product.uid, product, rows, {
      before: rows.map(({ imageHash }) => imageHash),
      after: imageHashes,
    });
  }

  #rowsOf(uid: string): ImageRow[] {
    return this.#live?.product(uid).map(({ row }) => row) ?? [];
  }

  #place(
    uid: string,
    product: ShownProduct,
    [first]: readonly ImageRow[],
    images: { before: readonly string[]; after: readonly string[] },
  ): void {
    this.#seen.add(uid);
    if (!first) {
      put(this.#added, product, null, []);
      return;
    }
    const changes = changedFields(first, product);
    if (images.before.join('\n') !== images.after.join('\n')) {
      changes.push({ field: 'images', before: images.before.length, after: images.after.length });
    }
    if (changes.length === 0) this.#unchanged++;
    else if (isPriceOnly(changes)) put(this.#priceOnly, product, first, changes);
    else put(this.#changed, product, first, changes);
  }

  finish(): Omit<SyncPlan, 'source' | 'name' | 'format' | 'pack' | 'problems' | 'secondsEstimate'> {
    const removed: PlanGroup = { count: 0, examples: [] };
    for (const row of this.#live?.firstRows() ?? []) {
      if (!this.#seen.has(row.uid)) put(removed, row, row, []);
    }
    const before = this.#live?.info.products ?? 0;
    return {
      products: { before, after: this.#seen.size },
      added: this.#added,
      changed: this.#changed,
      priceOnly: this.#priceOnly,
      removed,
      unchanged: this.#unchanged,
      pictures: this.#pictures,
      needsConfirmation: removesTooMuch(removed.count, before),
    };
  }
}

/** Whether so many of the published products would go that someone has to say yes. */
export function removesTooMuch(removed: number, published: number): boolean {
  return removed > published * REMOVALS_TO_CONFIRM;
}

function put(
  group: PlanGroup,
  { productId, title }: { productId: string; title: string },
  row: ImageRow | null,
  changes: Changes,
): void {
  group.count++;
  if (group.examples.length < MOST_EXAMPLES) {
    group.examples.push({ productId, title, thumbnail: row?.imageHash ?? null, changes });
  }
}
