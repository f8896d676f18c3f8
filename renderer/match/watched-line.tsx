import { X } from 'lucide-react';
import { Bar } from '../ui/bar.tsx';
import { formatCounted } from '../ui/format.ts';
import { faultSentence } from '../ui/sentences.ts';
import { dismissUnusable, useWatched } from './watched.ts';

/** Names the last file that came into the watched folder and cannot be used. The answer on screen stays. */
export function WatchedLine() {
  const unusable = useWatched((state) => state.unusable);
  const last = unusable.at(-1);
  if (!last) return null;
  const others = unusable.length - 1;
  return (
    <Bar>
      <span>
        <bdi>{last.name}</bdi> came into the watched folder and was not matched. {faultSentence(last.fault)}
        {others > 0 && ` ${formatCounted(others, 'other file')} before it too.`}
      </span>
      <button
        type="button"
        className="icon-button"
        aria-label="Dismiss"
        title="Dismiss"
        onClick={dismissUnusable}
      >
        <X aria-hidden />
      </button>
    </Bar>
  );
}
