import type { ComparisonCounts } from '../../electron/contract/compare.ts';
import { countsInWords, PARTS, partsOf } from './counts.ts';
import './counts-bar.css';

/** A comparison's rows as a bar: matched, no match, undecided, weak, failed, not run yet. */
export function CountsBar({ counts }: { counts: ComparisonCounts }) {
  const parts = partsOf(counts);
  const words = countsInWords(counts);
  return (
    <span className="counts-bar" role="img" aria-label={words} title={words}>
      {PARTS.filter((part) => parts[part] > 0).map((part) => (
        <span key={part} className={`counts-part is-${part}`} style={{ flexGrow: parts[part] }} />
      ))}
    </span>
  );
}
