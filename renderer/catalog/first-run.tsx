import { useEffect } from 'react';
import { startImport, useImport } from '../store/import.ts';
import { LightTable } from '../ui/garments.tsx';
import { ImportRunView } from './import-run.tsx';
import { SourcePicker } from './source-picker.tsx';
import './first-run.css';

/** `npm start` opens the app on the sample catalog; everyone else is asked. */
const startWithSample = new URLSearchParams(location.search).has('sample-catalog');

/** Before there is a catalog: where shall it come from? */
export function FirstRun() {
  const run = useImport((state) => state.run);
  useEffect(() => {
    if (startWithSample) void startImport({ kind: 'sample' });
  }, []);
  return (
    <div className="first">
      <div className="first-words">
        <h1>Find the product in the photo</h1>
        <p className="first-lead">Lookalike needs a catalog to look in. It stays on this machine.</p>
        {run.phase !== 'running' && <SourcePicker disabled={false} firstRun />}
        <ImportRunView run={run} />
      </div>
      <div className="first-picture">
        <LightTable />
      </div>
    </div>
  );
}
