import { useConnection } from '../store/connection.ts';
import { useImport } from '../store/import.ts';
import { Ago } from '../ui/ago.tsx';
import { formatCounted } from '../ui/format.ts';
import { Note } from '../ui/note.tsx';
import { ImportReportView } from './import-report.tsx';
import { ImportRunView } from './import-run.tsx';
import { SourcePicker } from './source-picker.tsx';
import './catalog-screen.css';

/** What the app answers from now. */
function Live() {
  const snapshot = useConnection((state) => state.status?.snapshot);
  if (!snapshot) return <p className="label">No catalog yet.</p>;
  return (
    <div className="live">
      <h1>
        <bdi>{snapshot.name}</bdi>
      </h1>
      <p className="numbers live-counts">
        {formatCounted(snapshot.products, 'product')} · {formatCounted(snapshot.images, 'picture')} ·
        published <Ago time={snapshot.publishedAt} />
      </p>
      <p className="label selectable live-source" title={snapshot.source}>
        {snapshot.source}
      </p>
    </div>
  );
}

/** Where the catalog comes from, and how its last import went. */
export function CatalogScreen() {
  const run = useImport((state) => state.run);
  const importing = useConnection((state) => state.status?.importing ?? false);
  const elsewhere = importing && run.phase !== 'running';
  return (
    <div className="catalog">
      <section className="catalog-sources" aria-label="Import a catalog">
        <h2>Import</h2>
        <SourcePicker disabled={run.phase === 'running' || elsewhere} />
        <p className="label catalog-hint">
          An import replaces the catalog with what the feed says. Pictures that are known are not looked at
          again.
        </p>
      </section>
      <div className="catalog-now">
        <Live />
        {elsewhere && <Note tone="plain">Another import is running on this catalog.</Note>}
        <ImportRunView run={run} />
        {run.phase === 'done' && <ImportReportView report={run.report} />}
      </div>
    </div>
  );
}
