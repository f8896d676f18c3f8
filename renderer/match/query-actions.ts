import { LookalikeError } from '../../electron/contract/errors.ts';
import { asLookalikeError, engineState } from '../engine/client.ts';
import { dismissRestart } from '../engine/connection.ts';
import { usePreferences } from '../page/preferences.ts';
import { toast } from '../page/toast.ts';
import { show } from '../page/view.ts';
import { painted } from '../ui/painted.ts';
import {
  AT_THE_BEST,
  FIRST_LIMIT,
  openTypedSize,
  reset,
  search,
  searchSoon,
  stopSearch,
  useMatch,
} from './match.ts';
import { looksOtherwise, preview, readBytes, showable } from './photo.ts';
import {
  type Asked,
  type CropChoice,
  EVEN,
  type PhotoQuery,
  type ProductQuery,
  type WordsQuery,
} from './query.ts';
import { type Recent, rememberPhoto, rememberWords } from './recents.ts';
import { NO_WORDS, settled, type Words } from './words.ts';

/**
 * Adds the query to the recent ones: only answered queries, texts only if they found something, and photos only if they can
 * be shown.
 */
function remember(): void {
  const { query, answer } = useMatch.getState();
  if (!query || !answer) return;
  const kept =
    query.kind === 'words'
      ? answer.results.length > 0 && rememberWords(settled(query.words))
      : query.kind === 'photo' && typeof query.view === 'object' && rememberPhoto(query, query.view.url);
  if (kept) kept.catch((error) => console.warn('recents', error));
}

/** A faster first answer is painted before its photo: on two cores, decoding the photo twice at once holds the answer up. */
const PHOTO_AFTER_MS = 150;

/** Waits until the first answer is painted, or is late, or will not come. */
async function firstPainted(): Promise<void> {
  await new Promise<void>((resolve) => {
    const stop = useMatch.subscribe(({ search: { phase } }) => {
      if (phase !== 'running') resolve();
    });
    setTimeout(resolve, PHOTO_AFTER_MS);
    setTimeout(stop, PHOTO_AFTER_MS);
  });
  await painted();
}

async function showPhoto(file: Blob, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  await firstPainted();
  // If it cannot be shown, the search reports the reason.
  const view = await showable(file, bytes).catch(() => 'none' as const);
  const { query } = useMatch.getState();
  if (query?.kind === 'photo' && query.bytes === bytes) useMatch.setState({ query: { ...query, view } });
  else if (view !== 'none') URL.revokeObjectURL(view.url);
}

/** Shows the photo as the engine decodes it, when the browser may show it differently. */
async function correctView(file: Blob, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  const { query, answer } = useMatch.getState();
  if (query?.kind !== 'photo' || query.bytes !== bytes || typeof query.view !== 'object') return;
  if (!answer?.photo || !looksOtherwise(query.view, file, answer.photo)) return;
  const view = await preview(bytes);
  const { query: now } = useMatch.getState();
  const { url: replaced } = query.view;
  if (now?.kind !== 'photo' || now.bytes !== bytes) URL.revokeObjectURL(view.url);
  else {
    useMatch.setState({ query: { ...now, view } });
    URL.revokeObjectURL(replaced);
  }
}

export type PhotoAsked = Pick<PhotoQuery, 'crop' | 'words' | 'balance'> & Partial<Pick<PhotoQuery, 'also'>>;
/** What is chosen beside the query itself. */
export type Controls = Pick<Asked, 'filters' | 'colorWeight' | 'sameColor'>;

export function plainPhoto(): PhotoAsked {
  const { proposeCrops } = usePreferences.getState();
  return { crop: proposeCrops ? 'auto' : null, words: NO_WORDS, balance: EVEN };
}

/**
 * Matches a photo, all of it first, and then with its subject. The search starts at once, while the page prepares to show the
 * photo.
 */
export async function matchPhoto(
  file: Blob,
  name: string,
  asked: PhotoAsked = plainPhoto(),
  controls: Partial<Controls> = {},
): Promise<void> {
  show('match');
  stopSearch();
  useMatch.setState({ search: { phase: 'running' } });
  if (engineState.getState().phase === 'ready') dismissRestart();
  try {
    const bytes = await readBytes(file);
    const { answer } = useMatch.getState();
    const { crop, words, balance, also = [] } = asked;
    const query = { kind: 'photo', file, name, bytes, also, view: 'loading', crop } as const;
    const begin = {
      query: { ...query, proposal: null, words, balance },
      ...controls,
      answer,
      wantsFocus: true,
    };
    await Promise.all([search({ begin, fresh: true, inSteps: true }), showPhoto(file, bytes)]);
    await correctView(file, bytes);
    // What is kept of the photo is made when nobody waits any more.
    await painted();
    remember();
  } catch (thrown) {
    const { fault, item = name, cause } = asLookalikeError(thrown);
    failPhoto(new LookalikeError(fault, { item, cause }));
  }
}

/** Shows why a photo could not be read. */
export function failPhoto(error: LookalikeError): void {
  show('match');
  stopSearch();
  reset({ search: { phase: 'failed', error } });
}

/** Searches by text alone, at once. */
export function matchWords(words: Words): void {
  openSearch({ kind: 'words', words }).then(remember);
}

/** Finds the product of a scanned code, and opens the size that it belongs to. */
export function matchCode(code: string): void {
  openSearch({ kind: 'words', words: { text: code, without: '' } }).then(() => {
    const best = useMatch.getState().answer?.results[0];
    if (best && !best.typed) toast(`No product has the code ${code}. These are the nearest.`);
    openTypedSize();
    remember();
  });
}

/** Searches by words or a product, at once. */
export function openSearch(
  query: WordsQuery | ProductQuery,
  controls: Partial<Controls> = {},
): Promise<void> {
  show('match');
  reset({ query, ...controls, wantsFocus: true });
  return search({ fresh: true });
}

export function matchRecent(recent: Recent): void {
  if (recent.kind === 'photo') void matchPhoto(recent.photo, recent.name, recent);
  else matchWords(recent.words);
}

/** "More like this". The present query is kept, so that the person can go back. */
export function matchProduct(product: ProductQuery['product']): void {
  useMatch.setState(({ query, trail }) => ({
    query: { kind: 'product', product, words: NO_WORDS, balance: EVEN },
    trail: query ? [...trail, query] : trail,
    limit: FIRST_LIMIT,
    ...AT_THE_BEST,
    wantsFocus: true,
  }));
  void search({ fresh: true });
}

/** Goes back to the query before "More like this", and to the product that it was used on. */
export function goBack(): void {
  const { query: left, trail } = useMatch.getState();
  const query = trail.at(-1);
  if (left?.kind !== 'product' || !query) return;
  useMatch.setState({
    query,
    trail: trail.slice(0, -1),
    limit: FIRST_LIMIT,
    ...AT_THE_BEST,
    focusedId: left.product.styleId,
    wantsFocus: true,
  });
  void search({ fresh: true });
}

function isBlank({ text, without }: Words): boolean {
  return text.trim() === '' && without === '';
}

/** Searches by text alone while it is typed: after a pause, and without moving the focus. */
export function typeWords(words: Words): void {
  if (isBlank(words)) {
    clearQuery();
    return;
  }
  show('match');
  const next = { query: { kind: 'words', words }, ...AT_THE_BEST, wantsFocus: false } as const;
  if (useMatch.getState().query) useMatch.setState({ ...next, limit: FIRST_LIMIT });
  else reset(next);
  searchSoon();
}

/** Searches at once: with the text beside the present picture, or by the text alone. */
export function askWords(typed: Words, { wantsFocus = false } = {}): void {
  const words = settled(typed);
  const { query } = useMatch.getState();
  const picture = query?.kind === 'words' ? null : query;
  if (!picture && isBlank(words)) {
    clearQuery();
    return;
  }
  show('match');
  const next = picture ? { ...picture, words } : ({ kind: 'words', words } as const);
  useMatch.setState({ query: next, ...AT_THE_BEST, wantsFocus, limit: FIRST_LIMIT });
  void search({ fresh: !picture }).then(() => {
    // After Enter, a size whose code was typed opens. Nothing opens during typing.
    if (wantsFocus) openTypedSize();
    remember();
  });
}

/** @param balance 0 is only the picture, 1 only the text */
export function setBalance(balance: number): void {
  const { query } = useMatch.getState();
  if (!query || query.kind === 'words') return;
  useMatch.setState({ query: { ...query, balance } });
  void search().then(remember);
}

export function setCrop(crop: CropChoice): void {
  const { query } = useMatch.getState();
  if (query?.kind !== 'photo') return;
  useMatch.setState({ query: { ...query, crop } });
  void search().then(remember);
}

/** Shows why one of several photos cannot be searched with, beside the last answer. @param error its item names the photo */
export function failFurtherPhoto(error: LookalikeError): void {
  stopSearch();
  useMatch.setState({ search: { phase: 'failed', error } });
}

/** Searches with further photos of the same item, or, without any, with the photo alone again. */
export function setAlso(also: readonly Uint8Array<ArrayBuffer>[]): void {
  const { query } = useMatch.getState();
  if (query?.kind !== 'photo') return;
  // The pressed button disappears.
  useMatch.setState({ query: { ...query, also }, ...AT_THE_BEST, wantsFocus: true });
  void search();
}

export function clearQuery(): void {
  stopSearch();
  reset({});
}
