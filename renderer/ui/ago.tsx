import { formatAgo, formatDateTime, formatExact } from './format.ts';
import { useNow } from './use-now.ts';

/** A date and time, to tell two of a kind apart, with how long ago that was on hover. */
export function DateTime({ time }: { time: string }) {
  return (
    <time dateTime={time} title={formatAgo(time, useNow())}>
      {formatDateTime(time)}
    </time>
  );
}

/** A time as "2 hours ago", kept up to date, with the exact one on hover. */
export function Ago({ time }: { time: string }) {
  return (
    <time dateTime={time} title={formatExact(time)}>
      {formatAgo(time, useNow())}
    </time>
  );
}
