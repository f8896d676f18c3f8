import { useState } from 'react';
import type { ImportProblem, ImportReport } from '../../electron/contract/schemas.ts';
import { show } from '../store/view.ts';
import { formatCount, formatCounted, formatDuration } from '../ui/format.ts';
import { groupProblems } from './problem-groups.ts';
import './import-report.css';

/** Rows of a group shown before more are asked for. */
const PAGE = 100;

function Count({ label, value }: { label: string; value: number }) {
  return (
    <div className="count">
      <dt className="label">{label}</dt>
      <dd className="numbers">{formatCount(value)}</dd>
    </div>
  );
}

function ProblemGroup({ message, problems }: { message: string; problems: readonly ImportProblem[] }) {
  const [shown, setShown] = useState(PAGE);
  return (
    <details className="problems">
      <summary>
        <span className="problems-message">{message}</span>
        <span className="numbers label">{formatCount(problems.length)}</span>
      </summary>
      <table>
        <thead>
          <tr className="label">
            <th scope="col">Product</th>
            <th scope="col">Picture</th>
            <th scope="col">What happened</th>
          </tr>
        </thead>
        <tbody className="selectable">
          {problems.slice(0, shown).map(({ item, image, message: detail }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a report does not change, and items may repeat
            <tr key={index}>
              <td>{item}</td>
              <td className="problems-image">{image ?? '–'}</td>
              <td>{detail}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {shown < problems.length && (
        <button type="button" className="button quiet" onClick={() => setShown(shown + PAGE * 10)}>
          Show more ({formatCount(problems.length - shown)} left)
        </button>
      )}
    </details>
  );
}

/** What an import did, and everything it left out, by kind. */
export function ImportReportView({ report }: { report: ImportReport }) {
  const { products, images, problems, seconds, published } = report;
  return (
    <section className="report" aria-label="Import report">
      <header className="run-head">
        <h2>
          {published ? 'Published' : 'Nothing had changed'}: {formatCounted(products.total, 'product')} in{' '}
          {formatDuration(seconds)}
        </h2>
        <button type="button" className="button primary" onClick={() => show('match')}>
          Match a photo
        </button>
      </header>
      <dl className="counts">
        <Count label="New" value={products.added} />
        <Count label="Changed" value={products.changed} />
        <Count label="Unchanged" value={products.unchanged} />
        <Count label="Removed" value={products.removed} />
        <Count label="Pictures" value={images.total} />
        <Count label="Newly looked at" value={images.embedded} />
        <Count label="Known from before" value={images.reused} />
      </dl>
      {problems.length > 0 && (
        <>
          <h3 className="report-problems">
            {formatCounted(problems.length, 'problem')}. Everything else was imported.
          </h3>
          {groupProblems(problems).map((group) => (
            <ProblemGroup key={group.code} {...group} />
          ))}
        </>
      )}
    </section>
  );
}
