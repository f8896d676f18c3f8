import { create } from 'zustand';
import { LookalikeError } from '../../electron/contract/errors.ts';
import type {
  FeedRequest,
  ImportProgress,
  ImportReport,
  SyncPlan,
} from '../../electron/contract/publishing.ts';
import { askAgainAfterRestart, asLookalikeError, engine } from '../engine/client.ts';
import { noteResumed, useConnection } from '../engine/connection.ts';
import { follow } from '../engine/follow.ts';
import { toast } from '../page/toast.ts';
import { openPane } from './catalog-pane.ts';

/** A feed to sync, and its name on screen. */
export interface Feed {
  name: string;
  request: FeedRequest;
}

export type Task =
  | { phase: 'idle' }
  | { phase: 'planning'; feed: Feed; progress: ImportProgress | null }
  /** The plan is ready for review. */
  | { phase: 'planned'; feed: Feed; plan: SyncPlan }
  | { phase: 'syncing'; feed: Feed; confirmRemovals: boolean; progress: ImportProgress | null }
  | { phase: 'done'; feed: Feed; report: ImportReport }
  /** Cancelled, or failed. Finished work is kept, so starting again continues from it. */
  | { phase: 'failed'; stopped: Stopped; feed: Feed; error: LookalikeError };

/** What was stopped, with the confirmation that was given for it. */
type Stopped = { phase: 'planning' } | { phase: 'syncing'; confirmRemovals: boolean };

interface Sync {
  task: Task;
  /** The report has just arrived, and is shown on Match while it waits for the first photo. */
  news: boolean;
}

export const useSync = create<Sync>(() => ({ task: { phase: 'idle' }, news: false }));

let running: AbortController | null = null;

export function isBusy({ phase }: Task): boolean {
  return phase === 'planning' || phase === 'syncing';
}

/** Shows a message, and returns false, while another task is running. */
function mayStart(): boolean {
  if (!isBusy(useSync.getState().task)) return true;
  toast('One at a time: wait for the feed that is being read, or cancel it');
  return false;
}

function show(progress: ImportProgress): void {
  useSync.setState(({ task }) => {
    const running = task.phase === 'planning' || task.phase === 'syncing';
    return running ? { task: { ...task, progress } } : {};
  });
}

/** Runs one task to its end and shows the result. */
async function run(
  task: Stopped,
  feed: Feed,
  work: (signal: AbortSignal) => Promise<Partial<Sync>>,
): Promise<void> {
  if (!mayStart()) return;
  running = new AbortController();
  openPane({ kind: 'sync' });
  useSync.setState({ task: { ...task, feed, progress: null } });
  try {
    useSync.setState(await work(running.signal));
  } catch (error) {
    useSync.setState({ task: { phase: 'failed', stopped: task, feed, error: asLookalikeError(error) } });
  }
}

/** The dry run: what a sync of this feed would change. */
export function planFeed(feed: Feed): Promise<void> {
  return run({ phase: 'planning' }, feed, async (signal) => {
    const plan = await askAgainAfterRestart(
      async () => follow(await engine.planSync(feed.request, { signal }), show),
      () => noteResumed('The feed is being read again.'),
    );
    return { task: { phase: 'planned', feed, plan } };
  });
}

/** Syncs the feed, and follows the sync to its report. */
export function syncFeed(feed: Feed, { confirmRemovals = false, afresh = false } = {}): Promise<void> {
  return run({ phase: 'syncing', confirmRemovals }, feed, async (signal) => {
    const report = await askAgainAfterRestart(
      async () => follow(await engine.sync({ ...feed.request, confirmRemovals, afresh }, { signal }), show),
      () => noteResumed('The import went on from where it was.'),
    );
    return { task: { phase: 'done', feed, report }, news: true };
  });
}

export function cancelTask(): void {
  running?.abort(new LookalikeError('CANCELLED'));
}

/** Marks the report as seen. */
export function dismissNews(): void {
  if (useSync.getState().news) useSync.setState({ news: false });
}

/** Closes a dry run, a report or a failure. */
export function dismissTask(): void {
  if (!isBusy(useSync.getState().task)) useSync.setState({ task: { phase: 'idle' } });
}

/** Closes a dry run when another snapshot becomes live than the one it was compared with. */
export function startSync(): void {
  useConnection.subscribe(({ status }, before) => {
    if (status?.snapshot?.version === before.status?.snapshot?.version) return;
    if (useSync.getState().task.phase !== 'planned') return;
    dismissTask();
    toast('The catalog has changed: check the feed again');
  });
}
