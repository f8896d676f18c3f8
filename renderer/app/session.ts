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

/** The browser process keeps session storage: it survives the page's process, and ends with the window. */
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
  /** The photo itself is among the recent photos. */
  z.object({ kind: z.literal('photo'), name: z.string(), bytes: z.number() }),
]);

const session = z.object({
  view: z.enum(['match', 'compare', 'catalog', 'models']),
  /** The last query with an answer, and its controls. */
  match: z.object({ query, filters, colorWeight: z.number().nullable(), sameColor: z.boolean() }).nullable(),
  /** Name of the query that had no answer yet. It is not sent again, because it may have crashed the page. */
  unanswered: z.string().nullable().default(null),
  /** A sync that was running. It ended with the page, and can be continued. */
  syncing: z.object({ name: z.string(), request: feedRequest }).nullable(),
});
type Session = z.infer<typeof session>;

/** Set when the page crashed and was loaded again: a sentence about what was restored and what was not. */
export const useRecovery = create<{ sentence: string | null }>(() => ({ sentence: null }));

export function dismissRecovery(): void {
  useRecovery.setState({ sentence: null });
}

/** The last query, if it has an answer: a photo that crashed the page is not sent again. */
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

/** The name of the query, for a sentence. */
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

/** Reads and removes what the previous page stored. If it crashes this page too, the next one starts without it. */
function takeKept(): Session | null {
  const kept = sessionStorage.getItem(KEY);
  sessionStorage.removeItem(KEY);
  return kept === null ? null : (session.safeParse(JSON.parse(kept)).data ?? null);
}

/** Waits for the engine's status: a search asks for a crop only when crops can be proposed. */
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

/** Sends the same query again. @returns whether it was possible */
async function askAgain({ query: asked, ...controls }: NonNullable<Session['match']>): Promise<boolean> {
  if (asked.kind !== 'photo') {
    reset({ query: asked, ...controls, limit: FIRST_LIMIT });
    await search({ fresh: true });
    return true;
  }
  await startRecents();
  const recent = photoLike(asked.name, asked.bytes);
  if (!recent) return false;
  await matchPhoto(recent.photo, recent.name, recent, controls);
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
    // A confirmation of removals is not kept: it is asked for again.
    const stopped = { phase: 'syncing', confirmRemovals: false } as const;
    const error = new LookalikeError('CANCELLED');
    useSync.setState({ task: { phase: 'failed', stopped, feed: kept.syncing, error } });
    own('The import stopped with it: resume it under Catalog.');
  }
  show(kept.view);
  if (kept.unanswered) own(`“${kept.unanswered}” was not answered before that: ask it again.`);
  if (!kept.match) return;
  // Stored until there is an answer: if this query crashes the page, the next page says so and does not send it a third
  // time.
  put({ view: kept.view, match: null, unanswered: nameOf(kept.match.query), syncing: null });
  await engineKnown();
  if (!(await askAgain(kept.match))) own('The photo could not be kept: drop it again.');
  show(kept.view);
}

/**
 * Stores the state of the screen, for a page that is loaded after this one has crashed, and restores what the previous page
 * stored.
 */
export function startSession(): void {
  const recovered = new URLSearchParams(location.search).has(RECOVERED_PARAMETER);
  const begun = recovered ? recover() : Promise.resolve();
  begun.catch(console.error).finally(() => {
    useMatch.subscribe(keep);
    useView.subscribe(keep);
    useSync.subscribe(keep);
    // Stores the restored state at once: otherwise it would be lost if the page crashed before anything changes.
    keep();
  });
}
