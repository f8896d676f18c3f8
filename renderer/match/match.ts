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
  /** The queries that "More like this" was asked from, oldest first. */
  trail: readonly Query[];
  search: Search;
  answer: SearchResponse | null;
  /** What prices are in; remembered while filters leave no product to tell. */
  currency: string | null;
  /** How much colour counts when nobody has chosen; null until a picture was asked for. */
  usualColor: Ranking['color'] | null;
  /** The style whose card has the keyboard. */
  focusedId: string | null;
  /** The size of that style which was picked, by its uid: what is copied is its SKU. */
  pickedSize: string | null;
  /** Asks the grid to take the keyboard when the answer is there. */
  wantsFocus: boolean;
  detailsOpen: boolean;
  /** Another colour of a style, opened from its swatch and not among the results: the details show it. */
  visited: OtherStyle | null;
}

/** Enough for several screens; more is asked for when someone scrolls that far. */
export const FIRST_LIMIT = 200;
const LAST_LIMIT = 10_000;
/** Between the last letter typed and the search. */
const TYPING_PAUSE_MS = 200;

/** Whatever was looked at among the last results: for another query the best card gets the keyboard. */
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

/** Calls off the search that is running or about to. */
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
 * Asks for what the state says; the search before it, if still running, is called off. Until the answer is there the
 * last one stays in sight, dimmed.
 * @param fresh another query than the last answer was for: that answer must not outlive a failure
 */
export async function search({ fresh = false } = {}): Promise<void> {
  stopSearch();
  const proposes = useConnection.getState().status?.subjectModel != null;
  const asked = requestOf(useMatch.getState(), proposes);
  if (!asked) {
    useMatch.setState({ search: { phase: 'idle' }, answer: null });
    return;
  }
  running = new AbortController();
  const { signal } = running;
  useMatch.setState({ search: { phase: 'running' } });
  try {
    const answer = await askAgainAfterRestart(() => engine.search(asked, { signal }), noteAskedAgain);
    if (!signal.aborted) take(answer);
  } catch (error) {
    if (signal.aborted) return;
    const failed: Search = { phase: 'failed', error: asLookalikeError(error) };
    useMatch.setState({ search: failed, ...(fresh && { answer: null }) });
  }
}

/** Asks once nothing has been typed for a moment. */
export function searchSoon(): void {
  stopSearch();
  pause = setTimeout(() => void search({ fresh: true }), TYPING_PAUSE_MS);
}

/** Everything as at the start, but for what is given. */
export function reset(next: Partial<Match>): void {
  const { query, trail, usualColor } = useMatch.getState();
  // The photo shown now or waiting in the trail; there is never more than one.
  const photo = [query, ...trail].find((each) => each?.kind === 'photo');
  useMatch.setState({ ...NOTHING, usualColor, ...next });
  if (typeof photo?.view === 'object') URL.revokeObjectURL(photo.view.url);
}

/**
 * Asks again with other filters.
 * @param options.wantsFocus the button that was pressed goes away: the keyboard goes to the results
 */
export function setFilters(filters: Filters, { wantsFocus = false } = {}): void {
  useMatch.setState({ filters, limit: FIRST_LIMIT, ...(wantsFocus && { wantsFocus }) });
  void search();
}

/** @param colorWeight 0 to 1; null is as calibrated */
export function setColorWeight(colorWeight: number | null): void {
  useMatch.setState({ colorWeight });
  void search();
}

export function setSameColor(sameColor: boolean): void {
  useMatch.setState({ sameColor, limit: FIRST_LIMIT });
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

export function focusStyle(styleId: string): void {
  useMatch.setState(({ focusedId, pickedSize }) => ({
    focusedId: styleId,
    pickedSize: styleId === focusedId ? pickedSize : null,
    visited: null,
  }));
}

/** Opens the details of another colour of a style, and goes to its card where it has one among the results. */
export function openStyle(other: OtherStyle): void {
  const { answer } = useMatch.getState();
  const hasCard = answer?.results.some(({ styleId }) => styleId === other.styleId) ?? false;
  if (hasCard) focusStyle(other.styleId);
  else useMatch.setState({ visited: other, pickedSize: null });
  useMatch.setState({ detailsOpen: true });
}

/** Opens the size whose SKU or barcode was typed, where its style has several. */
export function openTypedSize(): void {
  const best = useMatch.getState().answer?.results[0];
  if (best?.typed && best.sizes.length > 1) useMatch.setState({ detailsOpen: true });
}

/** @param uid of a size of the style that is shown */
export function pickSize(uid: string): void {
  useMatch.setState({ pickedSize: uid });
}

/** Gives the keyboard to the best card, or to the one that had it. */
export function focusResults(): void {
  useMatch.setState({ wantsFocus: true });
}

/** Leaves the keyboard where it is: someone has put it there, and an answer on its way must not take it from them. */
export function keepFocus(): void {
  useMatch.setState({ wantsFocus: false });
}

export function setDetailsOpen(detailsOpen: boolean): void {
  useMatch.setState({ detailsOpen, visited: null });
}

/** Asks again, once there is another engine, what failed for want of one. */
export function startMatch(): void {
  engineState.subscribe((state) => {
    const { search: last } = useMatch.getState();
    const stopped = last.phase === 'failed' && last.error.code === 'ENGINE_STOPPED';
    if (state.phase !== 'ready' || !stopped) return;
    noteAskedAgain();
    refresh();
  });
}
