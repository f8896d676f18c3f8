import { z } from 'zod';
import { create } from 'zustand';
import { LookalikeError } from '../../electron/contract/errors.ts';
import { feedRequest } from '../../electron/contract/publishing.ts';
import { filters } from '../../electron/contract/search.ts';
import { RECOVERED_PARAMETER } from '../../electron/contract/shell.ts';
import { useSync } from '../catalog/sync.ts';
import { useConnection } from '../engine/connection.ts';
import { FIRST_LIMIT, reset, search, useMatch } from '../match/match.ts';
import { matchPhoto } from '../match/query-actions.ts';
import { photoLike, startRecents } from '../match/recents.ts';
import { show, useView } from '../page/view.ts';

/** Session storage is kept by the browser process: it outlives the page's, and ends with the window. */
const KEY = 'lookalike.session';

const words = z.object({ text: z.string(), without: z.string() });
const query = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('words'), words }),
  z.object({
    kind: z.literal('product'),
    product: z.object({ uid: z.string(), styleId: z.string(), title: z.string(), thumbnail: z.string() }),
    words,
    balance: z.number(),
  }),
  /** The photo itself is among the recent ones. */
  z.object({ kind: z.literal('photo'), name: z.string(), bytes: z.number() }),
]);

const session = z.object({
  view: z.enum(['match', 'catalog', 'models']),
  /** What was asked and answered, with its controls. */
  match: z.object({ query, filters, colorWeight: z.number().nullable(), sameColor: z.boolean() }).nullable(),
  /** What was asked and not answered yet, by its name: it is not asked again, because the page may have died of it. */
  unanswered: z.string().nullable().default(null),
  /** A sync that was under way: it ended with the page, and can be gone on with. */
  syncing: z.object({ name: z.string(), request: feedRequest }).nullable(),
});
type Session = z.infer<typeof session>;

/** Set when the page died and was loaded again: what is there again and what is not, as a sentence. */
export const useRecovery = create<{ sentence: string | null }>(() => ({ sentence: null }));

export function dismissRecovery(): void {
  useRecovery.setState({ sentence: null });
}

/** What was asked; null while there is no answer: a photo that the page died of is not asked again. */
function answered(): Session['match'] {
  const {
    query: asked,
    answer,
    search: state,
    filters: chosen,
    colorWeight,
    sameColor,
  } = useMatch.getState();
  if (!asked || !answer || state.phase !== 'idle') return null;
  const controls = { filters: chosen, colorWeight, sameColor };
  if (asked.kind === 'photo') {
    return { ...controls, query: { kind: 'photo', name: asked.name, bytes: asked.file.size } };
  }
  return { ...controls, query: asked };
}

/** What was asked, for a sentence. */
function nameOf(
  asked:
    | { kind: 'photo'; name: string }
    | { kind: 'product'; product: { title: string } }
    | { kind: 'words'; words: { text: string } },
): string {
  if (asked.kind === 'photo') return asked.name;
  return asked.kind === 'product' ? asked.product.title : asked.words.text;
}

function put(now: z.input<typeof session>): void {
  sessionStorage.setItem(KEY, JSON.stringify(now));
}

function keep(): void {
  const { task } = useSync.getState();
  const { query: asked, search: state } = useMatch.getState();
  const match = answered();
  put({
    view: useView.getState().view,
    match,
    unanswered: asked && !match && state.phase !== 'failed' ? nameOf(asked) : null,
    syncing: task.phase === 'syncing' ? task.feed : null,
  });
}

/** What the page before this one kept. Taken, so that a page which dies of it again begins afresh. */
function takeKept(): Session | null {
  const kept = sessionStorage.getItem(KEY);
  sessionStorage.removeItem(KEY);
  return kept === null ? null : (session.safeParse(JSON.parse(kept)).data ?? null);
}

/** Waits for the engine to say what it is: a search asks for a crop only where crops can be proposed. */
function engineKnown(): Promise<void> {
  return new Promise((resolve) => {
    if (useConnection.getState().status) resolve();
    const unsubscribe = useConnection.subscribe(({ status }) => {
      if (!status) return;
      unsubscribe();
      resolve();
    });
  });
}

/** Asks the same again. @returns whether it could */
async function askAgain({ query: asked, ...controls }: NonNullable<Session['match']>): Promise<boolean> {
  if (asked.kind !== 'photo') {
    reset({ query: asked, ...controls, limit: FIRST_LIMIT });
    await search({ fresh: true });
    return true;
  }
  await startRecents();
  const recent = photoLike(asked.name, asked.bytes);
  if (!recent) return false;
  await matchPhoto(recent.photo, recent.name, recent);
  // A new photo begins without filters.
  useMatch.setState(controls);
  await search();
  return true;
}

function own(sentence: string): void {
  useRecovery.setState(({ sentence: before }) => ({
    sentence: before === null ? sentence : `${before} ${sentence}`,
  }));
}

async function recover(): Promise<void> {
  const kept = takeKept();
  own('This window stopped and was loaded again.');
  if (!kept) return;
  if (kept.syncing) {
    // A confirmation of removals is not kept over a crash: it is asked for again.
    const stopped = { phase: 'syncing', confirmRemovals: false } as const;
    const error = new LookalikeError('CANCELLED');
    useSync.setState({ task: { phase: 'failed', stopped, feed: kept.syncing, error } });
    own('The import stopped with it: resume it under Catalog.');
  }
  show(kept.view);
  if (kept.unanswered) own(`“${kept.unanswered}” was not answered before that: ask it again.`);
  if (!kept.match) return;
  // Until it is answered: a page that dies of it says so, and does not ask a third time.
  put({ view: kept.view, match: null, unanswered: nameOf(kept.match.query), syncing: null });
  await engineKnown();
  if (!(await askAgain(kept.match))) own('The photo could not be kept: drop it again.');
  show(kept.view);
}

/** Keeps what is on screen for a page that is loaded again because this one died, and shows what the last one kept. */
export function startSession(): void {
  const recovered = new URLSearchParams(location.search).has(RECOVERED_PARAMETER);
  const begun = recovered ? recover() : Promise.resolve();
  begun.catch(console.error).finally(() => {
    useMatch.subscribe(keep);
    useView.subscribe(keep);
    useSync.subscribe(keep);
    // What was brought back is there already, and would be lost with a page that dies before anything changes.
    keep();
  });
}
