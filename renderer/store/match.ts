import { create } from 'zustand';
import { LookalikeError } from '../../electron/contract/errors.ts';
import type {
  CropBox,
  Filters,
  Result,
  SearchRequest,
  SearchResponse,
} from '../../electron/contract/schemas.ts';
import { askAgainAfterRestart, asLookalikeError, engine, engineState } from '../engine.ts';
import { type PhotoView, readBytes, showable } from '../match/photo.ts';
import { dismissRestart, noteResumed } from './connection.ts';
import { type Recent, remember } from './recents.ts';
import { keepThumbnails } from './thumbnails.ts';
import { show } from './view.ts';

export interface PhotoQuery {
  kind: 'photo';
  file: Blob;
  name: string;
  bytes: Uint8Array<ArrayBuffer>;
  /** How the page shows it, with the upright photo's size in pixels. */
  view: PhotoView | 'loading' | 'none';
  /** Null is the whole photo. */
  crop: CropBox | null;
}

export interface ProductQuery {
  kind: 'product';
  product: Pick<Result, 'productId' | 'title' | 'thumbnail'>;
}

export type Query = PhotoQuery | ProductQuery;

type Search = { phase: 'idle' } | { phase: 'running' } | { phase: 'failed'; error: LookalikeError };

interface Match {
  query: Query | null;
  /** The queries that "More like this" was asked from, oldest first. */
  trail: readonly Query[];
  filters: Filters;
  limit: number;
  search: Search;
  answer: SearchResponse | null;
  /** What prices are in; remembered while filters leave no product to tell. */
  currency: string | null;
  /** The card that has the keyboard. */
  focusedId: string | null;
  /** Asks the grid to take the keyboard when the answer is there. */
  wantsFocus: boolean;
  detailsOpen: boolean;
}

/** Enough for several screens; more is asked for when someone scrolls that far. */
const FIRST_LIMIT = 200;
const LAST_LIMIT = 10_000;

const NOTHING = {
  query: null,
  trail: [],
  filters: {},
  limit: FIRST_LIMIT,
  search: { phase: 'idle' },
  answer: null,
  currency: null,
  focusedId: null,
  wantsFocus: false,
  detailsOpen: false,
} satisfies Match;

export const useMatch = create<Match>(() => NOTHING);

let running: AbortController | null = null;

function request({ query, filters, limit }: Match): SearchRequest | null {
  if (!query) return null;
  if (query.kind === 'product') {
    return { query: { kind: 'product', productId: query.product.productId }, filters, limit };
  }
  const { bytes, crop } = query;
  return { query: { kind: 'photo', photo: { bytes }, ...(crop && { crop }) }, filters, limit };
}

function noteAskedAgain(): void {
  const photo = useMatch.getState().query?.kind === 'photo';
  noteResumed(photo ? 'Your photo was asked again.' : 'Your search was asked again.');
}

/**
 * Asks for the current query, crop and filters; the search before it, if still running, is called off. Until the answer
 * is there the last one stays in sight, dimmed.
 * @param fresh another query than the last answer was for: that answer must not outlive a failure
 */
async function search({ fresh = false } = {}): Promise<void> {
  running?.abort(new LookalikeError('CANCELLED'));
  const asked = request(useMatch.getState());
  if (!asked) return;
  running = new AbortController();
  const { signal } = running;
  useMatch.setState({ search: { phase: 'running' } });
  try {
    const answer = await askAgainAfterRestart(() => engine.search(asked, { signal }), noteAskedAgain);
    if (signal.aborted) return;
    keepThumbnails(answer.thumbnails);
    useMatch.setState(({ focusedId, currency }) => ({
      answer,
      currency: answer.results.find((result) => result.currency !== null)?.currency ?? currency,
      search: { phase: 'idle' },
      focusedId:
        (answer.results.find(({ productId }) => productId === focusedId) ?? answer.results[0])?.productId ??
        null,
    }));
  } catch (error) {
    if (signal.aborted) return;
    const failed: Search = { phase: 'failed', error: asLookalikeError(error) };
    useMatch.setState({ search: failed, ...(fresh && { answer: null }) });
  }
}

/** Only a photo that was both matched and shown is worth keeping. */
function rememberPhoto(): void {
  const { query, answer } = useMatch.getState();
  if (query?.kind !== 'photo' || typeof query.view !== 'object' || !answer) return;
  remember(query.file, query.name, query.view.url, query.crop).catch((error) =>
    console.warn('recents', error),
  );
}

/** The photo shown now or waiting in the trail; there is never more than one. */
function heldPhoto(): PhotoQuery | undefined {
  const { query, trail } = useMatch.getState();
  return [query, ...trail].find((each) => each?.kind === 'photo');
}

function reset(next: Partial<Match>): void {
  const view = heldPhoto()?.view;
  useMatch.setState({ ...NOTHING, ...next });
  if (typeof view === 'object') URL.revokeObjectURL(view.url);
}

async function showPhoto(file: Blob, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  // When it cannot be shown, the search says why.
  const view = await showable(file, bytes).catch(() => 'none' as const);
  const { query } = useMatch.getState();
  if (query?.kind === 'photo' && query.bytes === bytes) useMatch.setState({ query: { ...query, view } });
  else if (view !== 'none') URL.revokeObjectURL(view.url);
}

/** Matches a photo: the search starts at once, while the page finds out how to show it. */
export async function matchPhoto(file: Blob, name: string, crop: CropBox | null = null): Promise<void> {
  show('match');
  running?.abort(new LookalikeError('CANCELLED'));
  useMatch.setState({ search: { phase: 'running' } });
  if (engineState.getState().phase === 'ready') dismissRestart();
  try {
    const bytes = await readBytes(file);
    const { answer } = useMatch.getState();
    reset({ query: { kind: 'photo', file, name, bytes, view: 'loading', crop }, answer, wantsFocus: true });
    await Promise.all([search({ fresh: true }), showPhoto(file, bytes)]);
    rememberPhoto();
  } catch (error) {
    reset({ search: { phase: 'failed', error: asLookalikeError(error) } });
  }
}

export function matchRecent({ photo, name, crop }: Recent): Promise<void> {
  return matchPhoto(photo, name, crop);
}

/** "More like this". The query it was asked from can be gone back to. */
export function matchProduct(product: ProductQuery['product']): void {
  useMatch.setState(({ query, trail }) => ({
    query: { kind: 'product', product },
    trail: query ? [...trail, query] : trail,
    limit: FIRST_LIMIT,
    focusedId: null,
    wantsFocus: true,
  }));
  void search({ fresh: true });
}

/** Back to the query that "More like this" was asked from, and to the product it was asked of. */
export function goBack(): void {
  const { query: left, trail } = useMatch.getState();
  const query = trail.at(-1);
  if (left?.kind !== 'product' || !query) return;
  useMatch.setState({
    query,
    trail: trail.slice(0, -1),
    limit: FIRST_LIMIT,
    focusedId: left.product.productId,
    wantsFocus: true,
  });
  void search({ fresh: true });
}

export function setCrop(crop: CropBox | null): void {
  const { query } = useMatch.getState();
  if (query?.kind !== 'photo') return;
  useMatch.setState({ query: { ...query, crop } });
  void search().then(rememberPhoto);
}

export function setFilters(filters: Filters): void {
  useMatch.setState({ filters, limit: FIRST_LIMIT });
  void search();
}

/** Asks for ten times as many, when there are more and nothing is being asked already. */
export function loadMore(): void {
  const { answer, limit, search: state } = useMatch.getState();
  if (state.phase !== 'idle' || !answer || answer.results.length >= answer.total || limit >= LAST_LIMIT)
    return;
  useMatch.setState({ limit: Math.min(limit * 10, LAST_LIMIT) });
  void search();
}

/** Asks the same again: after an error, or because the catalog has changed. */
export function refresh(): void {
  void search();
}

export function clearQuery(): void {
  running?.abort(new LookalikeError('CANCELLED'));
  reset({});
}

export function focusProduct(productId: string): void {
  useMatch.setState({ focusedId: productId });
}

export function setDetailsOpen(detailsOpen: boolean): void {
  useMatch.setState({ detailsOpen });
}

// A search that failed for want of an engine is asked again once someone has restarted it.
engineState.subscribe((state) => {
  const { search: last } = useMatch.getState();
  const stopped = last.phase === 'failed' && last.error.code === 'ENGINE_STOPPED';
  if (state.phase !== 'ready' || !stopped) return;
  noteAskedAgain();
  refresh();
});
