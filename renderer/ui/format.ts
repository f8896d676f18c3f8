import { amountIn } from '../../electron/contract/amounts.ts';

const WHOLE = new Intl.NumberFormat();
const RELATIVE = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto', style: 'long' });
const EXACT = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'medium' });

const DATE_TIME = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

/** A count with its thousands grouped. */
export function formatCount(count: number): string {
  return WHOLE.format(count);
}

/** "1 product", "12 products". */
export function formatCounted(count: number, singular: string, plural = `${singular}s`): string {
  return `${formatCount(count)} ${count === 1 ? singular : plural}`;
}

/** A price in its own currency; see `amountIn`. */
export function formatPrice(price: number, currency: string | null): string {
  return amountIn(price, currency, undefined);
}

const SPANS = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

/** "2 hours ago", "yesterday", "just now". @param now milliseconds since the epoch */
export function formatAgo(isoTime: string, now: number): string {
  const seconds = (Date.parse(isoTime) - now) / 1000;
  for (const [unit, length] of SPANS) {
    if (Math.abs(seconds) >= length) return RELATIVE.format(Math.round(seconds / length), unit);
  }
  return 'just now';
}

/** "30 Nov 2026, 14:05:12", local: to the second, so that two times within a minute differ. */
export function formatDateTime(isoTime: string): string {
  return DATE_TIME.format(Date.parse(isoTime));
}

/** The exact local time, for a tooltip. */
export function formatExact(isoTime: string): string {
  return EXACT.format(Date.parse(isoTime));
}

/** "40 s", "6 min", "2 h 5 min". */
export function formatDuration(seconds: number): string {
  if (seconds < 59.5) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Milliseconds in the form of the status line. */
export function formatMilliseconds(milliseconds: number): string {
  return milliseconds < 0.5 ? '0' : formatCount(Math.round(milliseconds));
}

/** The text with a capital first letter. */
export function capitalised(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const UNITS = ['kB', 'MB', 'GB', 'TB'] as const;

/** A size in powers of 1000, as in file managers: "412 MB", "1.4 GB". */
export function formatBytes(bytes: number): string {
  let size = bytes / 1000;
  let unit = 0;
  while (size >= 999.5 && unit < UNITS.length - 1) {
    size /= 1000;
    unit++;
  }
  return `${size < 9.95 && unit > 0 ? size.toFixed(1) : formatCount(size < 1 ? Math.ceil(size) : Math.round(size))} ${UNITS[unit]}`;
}

/** A share of 1 as whole percent: "35 %". */
export function formatShare(share: number): string {
  return `${Math.round(share * 100)} %`;
}
