import { create } from 'zustand';
import { LookalikeError } from '../../electron/contract/errors.ts';
import type { FeedSource, ImportProgress, ImportReport } from '../../electron/contract/schemas.ts';
import { askAgainAfterRestart, asLookalikeError, engine } from '../engine.ts';
import { noteResumed } from './connection.ts';
import { useMatch } from './match.ts';

export type ImportRun =
  | { phase: 'idle' }
  | { phase: 'running'; source: FeedSource; progress: ImportProgress | null }
  | { phase: 'done'; source: FeedSource; report: ImportReport }
  /** Cancelled, or gone wrong; finished work is kept, so starting again goes on from there. */
  | { phase: 'failed'; source: FeedSource; error: LookalikeError };

interface Import {
  run: ImportRun;
  /** The report has just come: worth a word where the first photo is awaited. */
  news: boolean;
}

export const useImport = create<Import>(() => ({ run: { phase: 'idle' }, news: false }));

let running: AbortController | null = null;

async function follow(source: FeedSource, signal: AbortSignal): Promise<ImportReport> {
  const steps = await engine.importFeed({ source }, { signal });
  for (;;) {
    const step = await steps.next();
    if (step.done) return step.value;
    useImport.setState(({ run }) =>
      run.phase === 'running' ? { run: { ...run, progress: step.value } } : {},
    );
  }
}

/** Imports a feed and follows it to its report. One at a time: does nothing while another is running here. */
export async function startImport(source: FeedSource): Promise<void> {
  if (useImport.getState().run.phase === 'running') return;
  running = new AbortController();
  const { signal } = running;
  useImport.setState({ run: { phase: 'running', source, progress: null } });
  try {
    const report = await askAgainAfterRestart(
      () => follow(source, signal),
      () => noteResumed('The import went on from where it was.'),
    );
    useImport.setState({ run: { phase: 'done', source, report }, news: true });
  } catch (error) {
    useImport.setState({ run: { phase: 'failed', source, error: asLookalikeError(error) } });
  }
}

export function cancelImport(): void {
  running?.abort(new LookalikeError('CANCELLED'));
}

// A report is news until the next photo.
useMatch.subscribe(({ query }) => {
  if (query && useImport.getState().news) useImport.setState({ news: false });
});
