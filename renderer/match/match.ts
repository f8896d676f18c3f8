import { create } from 'zustand';
import type { OtherStyle } from '../../electron/contract/catalog.ts';
import { LookalikeError } from '../../electron/contract/errors.ts';
import type { Filters, Ranking, SearchResponse } from '../../electron/contract/search.ts';
import { askAgainAfterRestart, asLookalikeError, engine, engineState } from '../engine/client.ts';
import { noteResumed, useConnection } from '../engine/connection.ts';
import { keepThumbnails } from '../engine/thumbnails.ts';
import { type Asked, type Query, requestOf } from './query.ts';

type Search = { phase: 'idle' } | { phase: 'running' } | { phase: 'failed'; error: LookalikeError };

interface Match extends Asked {
  /** The queries before each "More like this", oldest first. */
  trail: readonly Query[];
  search: Search;
  answer: SearchResponse | null;
  /** The currency of prices, remembered for when filters leave no product. */
  currency: string | null;
  /** The default weight of colour; null until a search by picture. */
  usualColor: Ranking['color'] | null;
  /** The style of the focused card. */
  focusedId: string | null;
  /** The uid of that style's picked size, whose SKU is copied. */
  pickedSize: string | null;
  /** The grid takes the focus when the answer arrives. */
  wantsFocus: boolean;
  detailsOpen: boolean;
  /** Another colour of a style, opened from its swatch and not among the results. The details show it. */
  visited: OtherStyle | null;
}

/** Results that are loaded at first: enough for several screens. More are loaded when someone scrolls that far. */
export const FIRST_LIMIT = 200;
const LAST_LIMIT = 10_000;
/** Milliseconds between the last typed letter and the search. */
const TYPING_PAUSE_MS = 200;

/** Resets what was selected among the last results: for another query the best card gets the focus. */
export const AT_THE_BEST = { focusedId: null, pickedSize: null, visited: null };

const NOTHING = {
  query: null,
  trail: [],
  filters: {},
  colorWeight: null,
  sameColor: false,
  limit: FIRST_LIMIT,
  search: { phase: 'idle' },
  answer: null,
  currency: null,
  usualColor: null,
  ...AT_THE_BEST,
  wantsFocus: false,
  detailsOpen: false,
} satisfies Match;

export const useMatch = create<Match>(() => NOTHING);

let running: AbortController | null = null;
let pause: ReturnType<typeof setTimeout> | undefined;

function noteAskedAgain(): void {
  const photo = useMatch.getState().query?.kind === 'photo';
  noteResumed(photo ? 'Your photo was asked again.' : 'Your search was asked again.');
}

/** Cancels the search that is running or scheduled. */
export function stopSearch(): void {
  clearTimeout(pause);
  running?.abort(new LookalikeError('CANCELLED'));
}

function take(answer: SearchResponse): void {
  keepThumbnails(answer.thumbnails);
  const { crop, color } = answer.ranking;
  useMatch.setState(({ query, focusedId, currency, usualColor }) => ({
    answer,
    query:
      query?.kind === 'photo' && query.crop === 'auto' ? { ...query, proposal: crop?.box ?? null } : query,
    currency: answer.results.find((result) => result.currency !== null)?.currency ?? currency,
    usualColor: query?.kind === 'words' || color.from === 'chosen' ? usualColor : color,
    search: { phase: 'idle' },
    focusedId:
      (answer.results.find(({ styleId }) => styleId === focusedId) ?? answer.results[0])?.styleId ?? null,
  }));
}

/**
 * Searches with the present state, and cancels the previous search. Until the answer arrives, the last one stays on screen,
 * dimmed.
 * @param fresh whether the query has changed: then the last answer is removed if the search fails
 */
export async function search({ fresh = false } = {}): Promise<void> {
  stopSearch();
  const proposes = useConnection.getState().status?.subjectModel != null;
  const request = requestOf(useMatch.getState(), proposes);
  if (!request) {
    useMatch.setState({ search: { phase: 'idle' }, answer: null });
    return;
  }
  running = new AbortController();
  const { signal } = running;
  useMatch.setState({ search: { phase: 'running' } });
  try {
    const answer = await askAgainAfterRestart(() => engine.search(request, { signal }), noteAskedAgain);
    if (!signal.aborted) take(answer);
  } catch (error) {
    if (signal.aborted) return;
    const failed: Search = { phase: 'failed', error: asLookalikeError(error) };
    useMatch.setState({ search: failed, ...(fresh && { answer: null }) });
  }
}

/** Searches after a pause in typing. */
export function searchSoon(): void {
  stopSearch();
  pause = setTimeout(() => void search({ fresh: true }), TYPING_PAUSE_MS);
}

/** Resets everything except the given state. */
export function reset(next: Partial<Match>): void {
  const { query, trail, usualColor } = useMatch.getState();
  // The photo on screen or in the trail; there is never more than one.
  const photo = [query, ...trail].find((each) => each?.kind === 'photo');
  useMatch.setState({ ...NOTHING, usualColor, ...next });
  if (typeof photo?.view === 'object') URL.revokeObjectURL(photo.view.url);
}

/**
 * Searches again with other filters.
 * @param options.wantsFocus the pressed button disappears, so the focus moves to the results
 */
export function setFilters(filters: Filters, { wantsFocus = false } = {}): void {
  useMatch.setState({ filters, limit: FIRST_LIMIT, ...(wantsFocus && { wantsFocus }) });
  void search();
}

/** @param colorWeight 0 to 1; null is the calibrated weight */
export function setColorWeight(colorWeight: number | null): void {
  useMatch.setState({ colorWeight });
  void search();
}

export function setSameColor(sameColor: boolean): void {
  useMatch.setState({ sameColor, limit: FIRST_LIMIT });
  void search();
}

/** Loads ten times as many results, when there are more and no search is running. */
export function loadMore(): void {
  const { answer, limit, search: state } = useMatch.getState();
  if (state.phase !== 'idle' || !answer || answer.results.length >= answer.total || limit >= LAST_LIMIT)
    return;
  useMatch.setState({ limit: Math.min(limit * 10, LAST_LIMIT) });
  void search();
}

/** Searches again with the same query: after an error, or because the catalog has changed. */
export function refresh(): void {
  void search();
}

export function focusStyle(styleId: string): void {
  useMatch.setState(({ focusedId, pickedSize }) => ({
    focusedId: styleId,
    pickedSize: styleId === focusedId ? pickedSize : null,
    visited: null,
  }));
}

/** Opens the details of another colour of a style, and goes to its card if it has one among the results. */
export function openStyle(other: OtherStyle): void {
  const { answer } = useMatch.getState();
  const hasCard = answer?.results.some(({ styleId }) => styleId === other.styleId) ?? false;
  if (hasCard) focusStyle(other.styleId);
  else useMatch.setState({ visited: other, pickedSize: null });
  useMatch.setState({ detailsOpen: true });
}

/** Opens the size whose SKU or barcode was typed, if its style has several. */
export function openTypedSize(): void {
  const best = useMatch.getState().answer?.results[0];
  if (best?.typed && best.sizes.length > 1) useMatch.setState({ detailsOpen: true });
}

/** @param uid of a size of the shown style */
export function pickSize(uid: string): void {
  useMatch.setState({ pickedSize: uid });
}

/** Moves the focus to the best card, or to the one that had it. */
export function focusResults(): void {
  useMatch.setState({ wantsFocus: true });
}

/** Keeps the focus where the person has put it, even when an answer arrives. */
export function keepFocus(): void {
  useMatch.setState({ wantsFocus: false });
}

export function setDetailsOpen(detailsOpen: boolean): void {
  useMatch.setState({ detailsOpen, visited: null });
}

/** Searches again, once there is a new engine, if the search failed because the engine stopped. */
export function startMatch(): void {
  engineState.subscribe((state) => {
    const { search: last } = useMatch.getState();
    const stopped = last.phase === 'failed' && last.error.code === 'ENGINE_STOPPED';
    if (state.phase !== 'ready' || !stopped) return;
    noteAskedAgain();
    refresh();
  });
}
