import { Download } from 'lucide-react';
import { useId, useState } from 'react';
import type { ImportProblem, MoreProblems } from '../../electron/contract/publishing.ts';
import { formatCount, formatCounted } from '../ui/format.ts';
import { faultSentence } from '../ui/sentences.ts';
import { problemCsv } from './problem-csv.ts';
import { countProblems, filterProblems, groupProblems, type ProblemGroup } from './problem-groups.ts';
import './problem-list.css';

/** Rows of a group that are shown at first. */
const PAGE = 100;

/** The least number of problems for which the filter is shown. */
const FILTER_FROM = 8;

function Group({ code, message, problems, more, open }: ProblemGroup & { open: boolean }) {
  const [shown, setShown] = useState(PAGE);
  return (
    <details className="problems" open={open} data-code={code}>
      <summary>
        <span>{message}</span>
        <span className="numbers diff-count">{formatCount(problems.length + more)}</span>
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
          {problems.slice(0, shown).map((problem, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a report does not change, and items may repeat
            <tr key={index}>
              <td dir="auto">{problem.item}</td>
              <td className="problems-image">{problem.image ?? '–'}</td>
              <td dir="auto">{faultSentence(problem)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {shown < problems.length && (
        <button type="button" className="button quiet" onClick={() => setShown(shown + PAGE * 10)}>
          Show more ({formatCount(problems.length - shown)} left)
        </button>
      )}
      {more > 0 && (
        <p className="label problems-more">
          The first {formatCount(problems.length)} are listed. {formatCount(more)} more were counted.
        </p>
      )}
    </details>
  );
}

/** Saves the problems as a table through the browser's download. */
function saveCsv(problems: readonly ImportProblem[], name: string): void {
  const url = URL.createObjectURL(new Blob([problemCsv(problems)], { type: 'text/csv' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `${name.replace(/[/\\:*?"<>|]+/g, '-')} problems.csv`;
  link.click();
  // Once it has begun, the download no longer needs the URL.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

interface ProblemListProps {
  problems: readonly ImportProblem[];
  /** Problems that the report only counts. */
  more?: MoreProblems | undefined;
  title: string;
  /** The feed's name, for the exported file. */
  name: string;
}

/** Everything that was left out, by kind, with a filter and an export. */
export function ProblemList({ problems, more, title, name }: ProblemListProps) {
  const [text, setText] = useState('');
  const id = useId();
  if (problems.length === 0) return null;
  // Problems that are not listed cannot be filtered.
  const groups = groupProblems(filterProblems(problems, text), text === '' ? more : []);
  return (
    <section className="problem-list" aria-labelledby={id}>
      <header>
        <h3 id={id}>
          <span className="sign is-broken" aria-hidden>
            !
          </span>
          {title}{' '}
          <span className="numbers diff-count">
            {formatCount(countProblems({ problems, moreProblems: more }))}
          </span>
        </h3>
        {problems.length >= FILTER_FROM && (
          <input
            type="search"
            className="text-input"
            placeholder="Filter problems"
            aria-label="Filter problems"
            value={text}
            onChange={({ target }) => setText(target.value)}
          />
        )}
        <button type="button" className="button" onClick={() => saveCsv(problems, name)}>
          <Download aria-hidden /> Export CSV
        </button>
      </header>
      <p className="visually-hidden" role="status">
        {text !== '' && formatCounted(filterProblems(problems, text).length, 'problem')}
      </p>
      {groups.map((group) => (
        <Group key={group.code} {...group} open={groups.length === 1 || text !== ''} />
      ))}
      {groups.length === 0 && <p className="label">No problem holds these words.</p>}
    </section>
  );
}
