import { type ImportReport, incompleteness } from '../../electron/contract/publishing.ts';
import { useConnection } from '../engine/connection.ts';
import { show } from '../page/view.ts';
import { formatCount, formatCounted, formatDuration } from '../ui/format.ts';
import { faultSentence } from '../ui/sentences.ts';
import { sourcesOf } from './live-feed.ts';
import { PaneHead } from './pane-head.tsx';
import { ProblemList } from './problem-list.tsx';
import { dismissTask, type Feed } from './sync.ts';
import './sync-report.css';

function Count({ label, value }: { label: string; value: number }) {
  return (
    <div className="count">
      <dt className="label">{label}</dt>
      <dd className="numbers">{formatCount(value)}</dd>
    </div>
  );
}

function reportTitle({ published, toCome }: ImportReport, size: string): string {
  if (toCome?.paged) return 'Incomplete: one page of several';
  if (toCome?.feed) return 'Incomplete: the feed is still to come';
  if (toCome) return `Incomplete: ${formatCounted(toCome.pictures, 'picture')} to come`;
  return published ? `Published: ${size}` : 'Nothing had changed';
}

function toComeWords(report: ImportReport): string {
  const fault = incompleteness(report);
  if (!fault || !report.toCome) return '';
  const sentence = faultSentence(fault);
  const { retryAt } = report.toCome;
  if (retryAt === null) return sentence;
  const time = new Date(retryAt).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  return `${sentence.replace(/\.$/, '')} at ${time}.`;
}

/** The result of a sync, and everything that it left out, by kind. */
export function SyncReport({ feed, report }: { feed: Feed; report: ImportReport }) {
  const { products, images, problems, seconds, published, toCome } = report;
  const snapshot = useConnection((state) => state.status?.snapshot ?? null);
  const others = snapshot ? sourcesOf(snapshot).filter(({ id }) => id !== report.sourceId) : [];
  const size = `${formatCounted(products.total, 'product')} in ${formatDuration(seconds)}`;
  return (
    <section className="report" aria-label="Import report">
      <PaneHead title={reportTitle(report, size)}>
        <button type="button" className="button quiet" onClick={dismissTask}>
          Close
        </button>
        {snapshot && (
          <button type="button" className="button primary" onClick={() => show('match')}>
            Match a photo
          </button>
        )}
      </PaneHead>
      <p className="report-rest" role="status">
        {published ? (
          <>
            <bdi>{published.name}</bdi> is what Match answers from now
            {others.length > 0 && `, beside ${others.map(({ name }) => name).join(', ')}`}.
          </>
        ) : toCome ? null : (
          <>
            The catalog is what <bdi>{feed.name}</bdi> says: nothing was published.
          </>
        )}
        {toCome && ` ${toComeWords(report)}`}
        {problems.length > 0 && !toCome && ' What was broken was left out; everything else is in.'}
      </p>
      <dl className="counts">
        {/* While staged pictures wait for the next sync, there are no counts of products yet. */}
        {(published || !toCome) && (
          <>
            <Count label="New" value={products.added} />
            <Count label="Changed" value={products.changed} />
            <Count label="Unchanged" value={products.unchanged} />
            <Count label="Removed" value={products.removed} />
          </>
        )}
        <Count label="Pictures" value={images.total} />
        <Count label="Newly looked at" value={images.embedded} />
        <Count label="Known from before" value={images.reused} />
      </dl>
      <ProblemList problems={problems} more={report.moreProblems} title="Problems" name={feed.name} />
    </section>
  );
}
