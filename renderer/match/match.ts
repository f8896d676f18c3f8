import { create } from 'zustand';
import type { OtherStyle } from '../../electron/contract/catalog.ts';
import { LookalikeError } from '../../electron/contract/errors.ts';
import type { Filters, Ranking, SearchRequest, SearchResponse } from '../../electron/contract/search.ts';
import { askAgainAfterRestart, asLookalikeError, engine, engineState } from '../engine/client.ts';
import { noteResumed, useConnection } from '../engine/connection.ts';
import { keepThumbnails } from '../engine/thumbnails.ts';
import { painted } from '../ui/painted.ts';
import { type Asked, type Query, requestOf, wholePhotoOf } from './query.ts';
import { type Held, movesCards, NOT_HELD } from './refinement.ts';

type Search =
  | { phase: 'idle' }
  | { phase: 'running' }
  /** The answer on screen is of the whole photo, and the one with its subject is on the way. */
  | { phase: 'refining' }
  | { phase: 'failed'; error: LookalikeError };

interface Match extends Asked, Held {
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

/** Results that are loaded at first: some screens. More are loaded when someone scrolls that far. */
export const FIRST_LIMIT = 60;
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
  ...NOT_HELD,
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

function take(answer: SearchResponse, phase: 'idle' | 'refining' = 'idle'): void {
  keepThumbnails(answer.thumbnails);
  const { crop, color } = answer.ranking;
  useMatch.setState(({ query, focusedId, currency, usualColor }) => ({
    answer,
    query:
      query?.kind === 'photo' && query.crop === 'auto' ? { ...query, proposal: crop?.box ?? null } : query,
    currency: answer.results.find((result) => result.currency !== null)?.currency ?? currency,
    usualColor: query?.kind === 'words' || color.from === 'chosen' ? usualColor : color,
    search: { phase },
    focusedId:
      (answer.results.find(({ styleId }) => styleId === focusedId) ?? answer.results[0])?.styleId ?? null,
  }));
}

/** Shows the answer with the photo's subject, or only offers it where it would move what is under the person's hand. */
function refine(refined: SearchResponse): void {
  const { answer, hand } = useMatch.getState();
  if (hand === null) showRefined(refined);
  else if (answer && movesCards(answer, refined)) useMatch.setState({ refined, search: { phase: 'idle' } });
  else take(refined);
}

/** Shows an answer with the photo's subject. The focus goes to the best card, if it was on a card. */
export function showRefined(refined: SearchResponse): void {
  const onCard = document.activeElement?.getAttribute('role') === 'gridcell';
  useMatch.setState(({ wantsFocus }) => ({
    ...AT_THE_BEST,
    ...NOT_HELD,
    wantsFocus: wantsFocus || onCard,
  }));
  take(refined);
}

/** Waits until a call has been sent to the engine, which takes some microtasks. An error is left to whoever awaits the call. */
async function sent(call: Promise<unknown>): Promise<void> {
  call.catch(() => {});
  await new Promise((resolve) => setTimeout(resolve));
}

interface HowToSearch {
  /** The state that the search begins with, all else reset. It is drawn when the request has been sent. */
  begin?: Partial<Match>;
  /** The query has changed: the last answer is removed if the search fails. */
  fresh?: boolean;
  /** The whole photo is answered first, and then with the proposed crop. */
  inSteps?: boolean;
  /** More is asked of an answer that the person keeps although it was refined. */
  keepsWhole?: boolean;
}

/** What is asked, and what is asked once that is answered. */
function stepsOf(
  request: SearchRequest,
  inSteps: boolean,
  keepsWhole: boolean,
): [SearchRequest, SearchRequest | null] {
  const whole = wholePhotoOf(request);
  if (whole && inSteps) return [whole, request];
  return [whole && keepsWhole ? whole : request, null];
}

/**
 * Searches with the present state, and cancels the previous search. Until the answer arrives, the last one stays on screen,
 * dimmed.
 */
export async function search({
  begin,
  fresh = false,
  inSteps = false,
  keepsWhole = false,
}: HowToSearch = {}): Promise<void> {
  stopSearch();
  const proposes = useConnection.getState().status?.subjectModel != null;
  const request = requestOf(begin ? { ...NOTHING, ...begin } : useMatch.getState(), proposes);
  if (!request) {
    useMatch.setState({ search: { phase: 'idle' }, answer: null, ...NOT_HELD });
    return;
  }
  running = new AbortController();
  const { signal } = running;
  const ask = (asked: SearchRequest) =>
    askAgainAfterRestart(() => engine.search(asked, { signal }), noteAskedAgain);
  const [first, then] = stepsOf(request, inSteps, keepsWhole);
  const asking = ask(first);
  if (begin) {
    // Drawing a screen would hold the request up.
    await sent(asking);
    if (signal.aborted) return;
    reset({ ...begin, search: { phase: 'running' } });
  }
  useMatch.setState({ search: { phase: 'running' }, ...(!keepsWhole && NOT_HELD) });
  let shown = false;
  try {
    let answer = await asking;
    if (signal.aborted) return;
    if (then) {
      // The engine looks for the subject while the page draws.
      const refining = ask(then);
      await sent(refining);
      if (signal.aborted) return;
      take(answer, 'refining');
      shown = true;
      await painted();
      answer = await refining;
    }
    if (signal.aborted) return;
    if (shown) refine(answer);
    else take(answer);
  } catch (error) {
    if (signal.aborted) return;
    const failed: Search = { phase: 'failed', error: asLookalikeError(error) };
    useMatch.setState({ search: failed, ...(fresh && !shown && { answer: null }) });
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
  const { answer, limit, search: state, refined } = useMatch.getState();
  if (state.phase !== 'idle' || !answer || answer.results.length >= answer.total || limit >= LAST_LIMIT)
    return;
  useMatch.setState({ limit: Math.min(limit * 10, LAST_LIMIT) });
  void search({ keepsWhole: refined !== null });
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

/**
 * Notes that the person's hand is on the results, so that the refined answer moves none of them.
 * @param hand a pointer on a card leaves again; keys, clicks and scrolling are kept in mind
 */
export function holdResults(hand: 'pointer' | 'kept'): void {
  const { search: state, hand: before } = useMatch.getState();
  if (state.phase === 'refining' && before !== 'kept') useMatch.setState({ hand });
}

/** The pointer has left the cards: nothing is under it that an answer could move. */
export function releaseResults(): void {
  const { hand, refined } = useMatch.getState();
  if (hand !== 'pointer') return;
  useMatch.setState({ hand: null });
  if (refined) showRefined(refined);
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
