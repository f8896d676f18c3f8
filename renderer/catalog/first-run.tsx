import { useEffect } from 'react';
import { useConnection } from '../engine/connection.ts';
import { LightTable } from '../ui/garments.tsx';
import { SourcePicker } from './source-picker.tsx';
import { syncFeed, useSync } from './sync.ts';
import { SyncFailure, SyncRun } from './sync-run.tsx';
import './first-run.css';

/** `npm start` opens the app on the sample catalog; all others are asked. */
const startWithSample = new URLSearchParams(location.search).has('sample-catalog');

/** Shown before there is a catalog: asks where it comes from. */
export function FirstRun() {
  const task = useSync((state) => state.task);
  useEffect(() => {
    // Not after everything was removed from the catalog.
    const first = !useConnection.getState().status?.snapshot;
    if (startWithSample && first)
      void syncFeed({ name: 'Sample catalog', request: { source: { kind: 'sample' } } });
  }, []);
  return (
    <div className="first">
      <div className="first-words">
        <h1>Find the product in the photo</h1>
        <p className="first-lead">Lookalike needs a catalog to look in. It stays on this machine.</p>
        {task.phase === 'syncing' ? (
          <SyncRun feed={task.feed} progress={task.progress} />
        ) : (
          <SourcePicker disabled={false} />
        )}
        {task.phase === 'failed' && <SyncFailure task={task} />}
      </div>
      <div className="first-picture">
        <LightTable />
      </div>
    </div>
  );
}
