import { Progress } from 'radix-ui';
import './phase-bar.css';

/** How far a piece of work is. @param share 0 to 1, null while that is not known */
export function PhaseBar({ share, label }: { share: number | null; label: string }) {
  return (
    <Progress.Root className="progress" value={share === null ? null : share * 100} aria-label={label}>
      <Progress.Indicator
        className="progress-bar"
        {...(share !== null && { style: { transform: `scaleX(${share})` } })}
      />
    </Progress.Root>
  );
}
