import { Progress } from 'radix-ui';
import './phase-bar.css';

/** A progress bar. @param share 0 to 1, null while it is unknown */
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
