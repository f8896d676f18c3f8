import { FolderOpen } from 'lucide-react';
import { useSync } from '../catalog/sync.ts';
import { show } from '../page/view.ts';
import { formatCount, formatCounted } from '../ui/format.ts';
import { LightTable } from '../ui/garments.tsx';
import { commandKey } from '../ui/keys.ts';
import { ErrorNote, Note } from '../ui/note.tsx';
import { useMatch } from './match.ts';
import { Recents } from './recent-list.tsx';
import { useRecents } from './recents.ts';
import './start.css';

/** What has just been imported, so that a first import does not end without a word. */
function ImportOutcome() {
  const { task, news } = useSync();
  if (task.phase !== 'done' || !news) return null;
  const { products, images, problems } = task.report;
  return (
    <section className="start-outcome" aria-label="Import report">
      <Note
        tone={problems.length > 0 ? 'doubt' : 'plain'}
        actions={
          <button type="button" className="button" onClick={() => show('catalog')}>
            Show report
          </button>
        }
      >
        <strong>{formatCounted(products.total, 'product is', 'products are')} ready.</strong>{' '}
        {formatCounted(images.embedded, 'picture')} looked at now, {formatCount(images.reused)} known from
        before
        {problems.length > 0 && `, ${formatCounted(problems.length, 'problem')} in the feed`}.
      </Note>
    </section>
  );
}

/** Before there is a photo. */
export function Start({ onBrowse }: { onBrowse: () => void }) {
  const search = useMatch((state) => state.search);
  const hasRecents = useRecents(({ photos, words }) => photos.length + words.length > 0);
  return (
    <div className="start">
      <div className="start-drop">
        <LightTable />
        <div className="start-words">
          <h1>Drop a customer’s photo anywhere</h1>
          <p>
            or paste it with <kbd>{commandKey()}</kbd> <kbd>V</kbd>. The products that look most like it come
            up, best first.
          </p>
          <p>
            No photo? Press <kbd>{commandKey()}</kbd> <kbd>K</kbd> and describe it, or type a SKU.
          </p>
          <button type="button" className="button primary" onClick={onBrowse}>
            <FolderOpen aria-hidden /> Browse…
          </button>
          {search.phase === 'failed' && <ErrorNote error={search.error} />}
          <ImportOutcome />
        </div>
      </div>
      {hasRecents && (
        <section className="start-recents" aria-label="Recent">
          <Recents />
        </section>
      )}
    </div>
  );
}
