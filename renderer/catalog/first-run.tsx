import { useImport } from '../store/import.ts';
import { LightTable } from '../ui/garments.tsx';
import { ImportRunView } from './import-run.tsx';
import { SourcePicker } from './source-picker.tsx';
import './first-run.css';

/** Before there is a catalog: where shall it come from? */
export function FirstRun() {
  const run = useImport((state) => state.run);
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
