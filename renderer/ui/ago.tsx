import { formatAgo, formatExact } from './format.ts';
import { useNow } from './use-now.ts';

/** A time as "2 hours ago", kept up to date, with the exact one on hover. */
export function Ago({ time }: { time: string }) {
  return (
    <time dateTime={time} title={formatExact(time)}>
      {formatAgo(time, useNow())}
    </time>
  );
}
