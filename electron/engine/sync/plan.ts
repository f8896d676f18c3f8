import { LRUCache } from 'lru-cache';
import type { PlanGroup, PlanItem, SyncPlan } from '../../contract/publishing.ts';
import { changedFields, isPriceOnly, type ShownProduct } from '../catalog/compare.ts';
import { uidOf } from '../catalog/product-ids.ts';
import type { ImageRow } from '../catalog/schema.ts';
import type { Ownership } from '../catalog/sources.ts';
import type { FeedProduct } from '../feed/product.ts';
import type { PublishedProduct, PublishedProducts } from '../snapshot/published-products.ts';
import { SHARED_REFS } from './stager.ts';

const MOST_EXAMPLES = 50;

/** The share of the published products whose removal has to be confirmed: a broken feed looks just like a large removal. */
const REMOVALS_TO_CONFIRM = 0.3;

type Changes = PlanItem['changes'];

/** Compares a feed's products with the published catalog, while the feed is read. */
export class PlanBuilder {
  readonly #live: PublishedProducts | null;
  readonly #own: Ownership | null;
  readonly #source: string;
  readonly #seen = new Set<string>();
  readonly #added: PlanGroup = { count: 0, examples: [] };
  readonly #changed: PlanGroup = { count: 0, examples: [] };
  readonly #priceOnly: PlanGroup = { count: 0, examples: [] };
  readonly #pictures = { toFetch: 0, known: 0 };
  /** The last references, each of which a sync asks for once. */
  readonly #shared = new LRUCache<string, true>({ max: SHARED_REFS });
  #unchanged = 0;

  /**
   * @param own what the sync may change; null is everything
   * @param source id of the saved source of the feed's products; empty for none
   */
  constructor(live: PublishedProducts | null, own: Ownership | null, source: string) {
    this.#live = live;
    this.#own = own;
    this.#source = source;
  }

  /** Adds a product of a feed. Only the references of its pictures are known. */
  add(product: FeedProduct): void {
    const uid = uidOf(this.#source, product.productId);
    const published = this.#before(uid);
    const before = published?.imageRefs ?? [];
    const refs = new Set(before);
    for (const ref of product.images) {
      if (this.#shared.has(ref)) continue;
      this.#shared.set(ref, true);
      if (refs.has(ref)) this.#pictures.known++;
      else this.#pictures.toFetch++;
    }
    if (published?.text('rowHash') === product.rowHash && isSame(before, product.images)) {
      this.#seen.add(uid);
      this.#unchanged++;
      return;
    }
    this.#place(uid, product, published?.rows() ?? [], { before, after: product.images });
  }

  /** Adds a product of a pack, which includes its pictures. @param imageHashes of its images, in order */
  addPacked(product: ShownProduct & { uid: string }, imageHashes: readonly string[]): void {
    const rows = this.#before(product.uid)?.rows() ?? [];
    this.#pictures.known += imageHashes.length;
    this.#place(product.uid, product, rows, {
      before: rows.map(({ imageHash }) => imageHash),
      after: imageHashes,
    });
  }

  /** The published product, or the product that it takes over. */
  #before(uid: string): PublishedProduct | undefined {
    const adopter = this.#own?.adopter ?? null;
    const prefix = adopter === null ? null : uidOf(adopter, '');
    const adopted = prefix !== null && uid.startsWith(prefix) ? uidOf('', uid.slice(prefix.length)) : null;
    return this.#live?.published(uid) ?? (adopted === null ? undefined : this.#live?.published(adopted));
  }

  /** The uid of a published product after the sync; null when the product belongs to another source. */
  #ownUid(published: PublishedProduct): string | null {
    const own = this.#own;
    const source = published.text('source');
    if (own && !own.ids.has(source)) return null;
    return own && own.adopter !== null && source === ''
      ? uidOf(own.adopter, published.text('productId'))
      : published.text('uid');
  }

  #place(
    uid: string,
    product: ShownProduct,
    [first]: readonly ImageRow[],
    images: { before: readonly string[]; after: readonly string[] },
  ): void {
    this.#seen.add(uid);
    const named = { uid, productId: product.productId, title: product.title };
    if (!first) {
      put(this.#added, named, null, []);
      return;
    }
    const changes = changedFields(first, product);
    if (!isSame(images.before, images.after)) {
      changes.push({ field: 'images', before: images.before.length, after: images.after.length });
    }
    if (changes.length === 0) this.#unchanged++;
    else if (isPriceOnly(changes)) put(this.#priceOnly, named, first, changes);
    else put(this.#changed, named, first, changes);
  }

  finish(): Omit<
    SyncPlan,
    'source' | 'sourceId' | 'name' | 'format' | 'pack' | 'problems' | 'secondsEstimate'
  > {
    const removed: PlanGroup = { count: 0, examples: [] };
    let before = 0;
    for (const published of this.#live?.allPublished() ?? []) {
      const uid = this.#ownUid(published);
      if (uid === null) continue;
      before++;
      const [row] = this.#seen.has(uid) ? [] : published.rows();
      if (row) put(removed, row, row, []);
    }
    return {
      products: { before, after: this.#seen.size },
      otherProducts: (this.#live?.info.products ?? 0) - before,
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

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((each, i) => each === b[i]);
}

/** Whether so many of the published products would be removed that someone has to confirm it. */
export function removesTooMuch(removed: number, published: number): boolean {
  return removed > published * REMOVALS_TO_CONFIRM;
}

function put(
  group: PlanGroup,
  { uid, productId, title }: { uid: string; productId: string; title: string },
  row: ImageRow | null,
  changes: Changes,
): void {
  group.count++;
  if (group.examples.length < MOST_EXAMPLES) {
    group.examples.push({ uid, productId, title, thumbnail: row?.imageHash ?? null, changes });
  }
}
