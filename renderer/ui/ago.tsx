import { formatAgo, formatDateTime, formatExact } from './format.ts';
import { useNow } from './use-now.ts';

/** A date and time, precise enough to tell two of a kind apart; on hover, how long ago that was. */
export function DateTime({ time }: { time: string }) {
  return (
    <time dateTime={time} title={formatAgo(time, useNow())}>
      {formatDateTime(time)}
    </time>
  );
}

/** A time as "2 hours ago", kept up to date; on hover, the exact time. */
export function Ago({ time }: { time: string }) {
  return (
    <time dateTime={time} title={formatExact(time)}>
      {formatAgo(time, useNow())}
    </time>
  );
}
