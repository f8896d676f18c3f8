import { useEffect, useState } from 'react';
import { formatAgo, formatExact } from './format.ts';

const TICK_MS = 30_000;

/** A time as "2 hours ago", kept up to date, with the exact one on hover. */
export function Ago({ time }: { time: string }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <time dateTime={time} title={formatExact(time)}>
      {formatAgo(time, now)}
    </time>
  );
}
