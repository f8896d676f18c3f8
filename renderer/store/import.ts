import { create } from 'zustand';
import { LookalikeError } from '../../electron/contract/errors.ts';
import type { FeedSource, ImportProgress, ImportReport } from '../../electron/contract/schemas.ts';
import { askAgainAfterRestart, asLookalikeError, engine } from '../engine.ts';
import { noteResumed } from './connection.ts';

export type ImportRun =
  | { phase: 'idle' }
  | { phase: 'running'; source: FeedSource; progress: ImportProgress | null }
  | { phase: 'done'; source: FeedSource; report: ImportReport }
  /** Cancelled, or gone wrong; finished work is kept, so starting again goes on from there. */
  | { phase: 'failed'; source: FeedSource; error: LookalikeError };

export const useImport = create<{ run: ImportRun }>(() => ({ run: { phase: 'idle' } }));

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
    useImport.setState({ run: { phase: 'done', source, report } });
  } catch (error) {
    useImport.setState({ run: { phase: 'failed', source, error: asLookalikeError(error) } });
  }
}

export function cancelImport(): void {
  running?.abort(new LookalikeError('CANCELLED'));
}

export function forgetImport(): void {
  useImport.setState(({ run }) => (run.phase === 'running' ? {} : { run: { phase: 'idle' } }));
}
