import type { ComparedWith, ComparisonState } from '../../electron/contract/compare.ts';
import { engine, engineState } from '../engine/client.ts';
import { useConnection } from '../engine/connection.ts';
import { newQueue } from './deciding.ts';
import { LoadedRows } from './loaded-rows.ts';
import { AT_FIRST, CLOSED, fail, useDocument } from './open-document.ts';
import { loadOrder } from './order.ts';
import { keepOpen, keepPlace, keptPlace } from './place.ts';

const change = useDocument.setState;

let watching: AbortController | null = null;

/** Opens a document where the person left it. */
export async function openDocument(id: string): Promise<void> {
  const place = (await keptPlace(id)) ?? AT_FIRST;
  useDocument.getState().loaded?.close();
  change({ ...CLOSED, ...place, id, loaded: new LoadedRows(id), queue: newQueue(id) }, true);
  void keepOpen(id);
  await Promise.all([watch(id), loadOrder()]);
}

/** Shows the list of documents. @param id only where this document is open */
export function closeDocument(id = useDocument.getState().id): void {
  const { id: open, loaded } = useDocument.getState();
  if (open === null || open !== id) return;
  watching?.abort();
  loaded?.close();
  change(CLOSED, true);
  void keepOpen(null);
}

/** Reads the document's state, and goes on reading it whenever it changes. Resolves with the first. */
async function watch(id: string): Promise<void> {
  watching?.abort();
  watching = new AbortController();
  const { signal } = watching;
  await new Promise<void>((resolve) => {
    const read = async () => {
      for await (const state of await engine.watchComparison({ id }, { signal })) {
        show(id, state);
        resolve();
      }
    };
    read()
      .catch((thrown) => fail(id, thrown, signal))
      .finally(resolve);
  });
}

/** Follows the open document with each engine. */
export function followDocument(): void {
  engineState.subscribe((state) => {
    const { id } = useDocument.getState();
    if (state.phase !== 'ready' || id === null) return;
    void watch(id);
    void loadOrder();
  });
  // A catalog that was published is news for the open document too.
  useConnection.subscribe(({ status }, before) => {
    const { id } = useDocument.getState();
    const isNew = status?.snapshot?.publishedAt !== before.status?.snapshot?.publishedAt;
    if (id !== null && before.status && isNew) void watch(id);
  });
  useDocument.subscribe(({ id, view, row, filters, sort, queue }, before) => {
    const moved = row !== before.row || view !== before.view || sort !== before.sort;
    if (id === null || id !== before.id || !(moved || filters !== before.filters)) return;
    // Not before what was decided on the way there is on the disk: after a kill, the row of a lost decision would be passed over.
    void queue?.after(() => keepPlace(id, { view, row, filters, sort }));
  });
}

function show(id: string, state: ComparisonState): void {
  const { id: open, state: before, loaded } = useDocument.getState();
  if (open !== id) return;
  change({ state, error: null });
  const { counts, about } = state.comparison;
  const old = before?.comparison.counts;
  // Compared again: every row has other candidates.
  const wasAbout = before?.comparison.about;
  if (about && wasAbout && !isSame(about, wasAbout)) {
    loaded?.rows.renew(() => true);
    void loadOrder();
    return;
  }
  const compared =
    old !== undefined &&
    (counts.rows !== old.rows || counts.answered !== old.answered || counts.failed !== old.failed);
  if (!compared) return;
  loaded?.renewWaiting();
  void loadOrder();
}

const isSame = (one: ComparedWith, other: ComparedWith): boolean =>
  one.snapshot.version === other.snapshot.version &&
  one.snapshot.publishedAt === other.snapshot.publishedAt &&
  one.model.id === other.model.id;

/** Starts the run, or goes on. @param failed whether rows that failed are tried again */
export async function run(failed = false): Promise<void> {
  await steer((id) => engine.runComparison({ id, failed }));
}

/** Compares all rows with the catalog and the model of today. */
export async function compareAgain(): Promise<void> {
  await steer((id) => engine.runComparison({ id, again: true }));
}

export async function stop(): Promise<void> {
  await steer((id) => engine.stopComparison({ id }));
}

async function steer(call: (id: string) => Promise<ComparisonState>): Promise<void> {
  const { id } = useDocument.getState();
  if (id === null) return;
  try {
    show(id, await call(id));
  } catch (thrown) {
    fail(id, thrown);
  }
}
