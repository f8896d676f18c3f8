import { createStore, del, entries, set as put } from 'idb-keyval';
import { z } from 'zod';
import { create } from 'zustand';
import { cropBox, filters } from '../../electron/contract/search.ts';
import { useMatch } from './match.ts';
import { thumbnailOf } from './photo.ts';
import { matchTogether, photosInOrder, usePhotoQueue } from './photo-queue.ts';
import { matchPhoto, openSearch } from './query-actions.ts';
import { hasText, settled } from './words.ts';

/** The longest name of a kept search, in characters. */
export const LONGEST_NAME = 80;

const words = z.object({ text: z.string(), without: z.string() });
const balance = z.number().min(0).max(1);

const keptQuery = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('photo'),
    file: z.instanceof(Blob),
    name: z.string(),
    /** Further photos of the same item. */
    also: z.array(z.object({ file: z.instanceof(Blob), name: z.string() })).default([]),
    /** Null where the page cannot show the photo. */
    thumbnail: z.instanceof(Blob).nullable(),
    crop: z.union([cropBox, z.literal('auto')]).nullable(),
    words,
    balance,
  }),
  z.object({
    kind: z.literal('product'),
    product: z.object({ uid: z.string(), styleId: z.string(), title: z.string(), thumbnail: z.string() }),
    words,
    balance,
  }),
  z.object({ kind: z.literal('words'), words }),
]);

const keptSearch = z.object({
  id: z.string(),
  name: z.string().min(1).max(LONGEST_NAME),
  /** Milliseconds since the epoch. */
  keptAt: z.number(),
  query: keptQuery,
  filters,
  colorWeight: z.number().nullable(),
  sameColor: z.boolean(),
});
export type KeptSearch = z.infer<typeof keptSearch>;

const database = createStore('lookalike-kept', 'searches');

/** The searches that a person has kept under a name, the last one first. They stay on this machine, in IndexedDB. */
export const useKeptSearches = create<{ searches: readonly KeptSearch[] }>(() => ({ searches: [] }));

async function load(): Promise<void> {
  const stored = await entries(database);
  const searches = stored
    .flatMap(([, value]) => keptSearch.safeParse(value).data ?? [])
    .sort((a, b) => b.keptAt - a.keptAt);
  useKeptSearches.setState({ searches });
}

/** Loads the kept searches. If the browser refuses storage, only these are lost. */
export function startKeptSearches(): void {
  load().catch((error: unknown) => console.warn('kept searches', error));
}

/** A name for the search on screen, to begin with. */
export function suggestedName(): string {
  const { query } = useMatch.getState();
  if (!query) return '';
  const { text } = settled(query.words);
  const shown =
    query.kind === 'photo'
      ? query.name.replace(/\.\w+$/, '')
      : query.kind === 'product'
        ? query.product.title
        : '';
  return [shown, text].filter(Boolean).join(', ').slice(0, LONGEST_NAME);
}

/**
 * Keeps the search on screen: its photo, product or words, filters and controls.
 * @throws DOMException when the browser cannot store it
 */
export async function keepSearch(name: string): Promise<void> {
  const { query, filters, colorWeight, sameColor } = useMatch.getState();
  if (!query) return;
  const id = crypto.randomUUID();
  const controls = { filters, colorWeight, sameColor };
  const search = { id, name, keptAt: Date.now(), query: await keptQueryOf(query), ...controls };
  await put(id, keptSearch.parse(search), database);
  await load();
}

async function keptQueryOf(query: NonNullable<ReturnType<typeof useMatch.getState>['query']>) {
  if (query.kind === 'words') return { kind: query.kind, words: settled(query.words) };
  const asked = { words: settled(query.words), balance: query.balance };
  if (query.kind === 'product') return { kind: query.kind, product: query.product, ...asked };
  const { kind, file, name, crop, view } = query;
  const [, ...others] = photosInOrder(usePhotoQueue.getState(), query);
  const also = query.also.map((bytes, i) => {
    const further = others[i]?.file;
    return { file: new Blob([bytes], { type: further?.type ?? '' }), name: further?.name ?? '' };
  });
  const thumbnail = typeof view === 'object' ? await thumbnailOf(view.url) : null;
  // A file on a disk may be gone when the search is opened again; its bytes are kept.
  return { kind, file: new Blob([query.bytes], { type: file.type }), name, also, thumbnail, crop, ...asked };
}

/** Searches again as it was kept, in the catalog as it is now. */
export function openKeptSearch({ query, filters, colorWeight, sameColor }: KeptSearch): void {
  const controls = { filters, colorWeight, sameColor };
  if (query.kind === 'photo') {
    const { crop, words, balance, also } = query;
    const asFile = (each: { file: Blob; name: string }) =>
      new File([each.file], each.name, { type: each.file.type });
    const asked = { crop, words, balance };
    if (also.length > 0) void matchTogether([asFile(query), ...also.map(asFile)], asked, controls);
    else void matchPhoto(query.file, query.name, asked, controls);
  } else void openSearch(query, controls);
}

export async function removeKeptSearch(id: string): Promise<void> {
  await del(id, database);
  await load();
}

/** Keeps a search again that was removed. */
export async function restoreKeptSearch(search: KeptSearch): Promise<void> {
  await put(search.id, search, database);
  await load();
}

/** What a kept search asks beside its photo or product, in a few words; empty for nothing. */
export function aboutKept({ query, filters, sameColor }: KeptSearch): string {
  const { attributes = {}, price, ...lists } = filters;
  const chosen = Object.values({ ...lists, ...attributes }).flat();
  const limits = price ? [[price.min ?? '', price.max ?? ''].join('–')] : [];
  const text = query.kind !== 'words' && hasText(query.words) ? [settled(query.words).text] : [];
  const photos = query.kind === 'photo' && query.also.length > 0 ? [`${query.also.length + 1} photos`] : [];
  return [...photos, ...text, ...chosen, ...limits, ...(sameColor ? ['same colour'] : [])].join(', ');
}
