import { show } from '../page/view.ts';
import { formatCount, formatCounted } from '../ui/format.ts';
import { Note } from '../ui/note.tsx';
import { useSync } from './sync.ts';

/** The result of an import, shown on Match, so that a first import does not end without a message. */
export function ImportOutcome() {
  const { task, news } = useSync();
  if (task.phase !== 'done' || !news) return null;
  const { products, images, problems } = task.report;
  return (
    <section aria-label="Import report">
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
