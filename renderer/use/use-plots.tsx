import * as Plot from '@observablehq/plot';
import { useMemo } from 'react';
import type { DayOfUse, MonthOfAnswers, Use } from '../../electron/contract/use.ts';
import { Drawing } from '../ui/drawing.tsx';
import { formatCount, formatShare } from '../ui/format.ts';
import { lastDays } from './use-figures.ts';

const PARTS = ['Photos', 'Photos without a good match', 'Words', 'Programs'] as const;
const TINTS = ['var(--use-photos)', 'var(--use-unmatched)', 'var(--use-words)', 'var(--use-programs)'];

/** The plots of the overview, each with its table. Hidden from screen readers, which read the tables. */
export default function UsePlots({ use }: { use: Use }) {
  const days = useMemo(() => lastDays(use.days, new Date().toLocaleDateString('sv')), [use.days]);
  const asked = days.reduce((sum, { photos, words, programs }) => sum + photos + words + programs, 0);
  const waited = days.filter(({ waits }) => waits !== null);
  return (
    <>
      {asked > 0 && (
        <section aria-labelledby="use-days">
          <h3 id="use-days">Questions a day, the last 30</h3>
          <ul className="use-legend" aria-hidden>
            {PARTS.map((part, at) => (
              <li key={part} className="label">
                <i style={{ background: TINTS[at] }} />
                {part}
              </li>
            ))}
          </ul>
          <Drawing className="use-plot" of={days} draw={drawDays} />
          <DaysTable days={days} />
        </section>
      )}
      {waited.length > 0 && (
        <section aria-labelledby="use-waits">
          <h3 id="use-waits">From a photo to its first results</h3>
          <p className="label">
            The spot is the median of a day, the line above it goes to what 95 of 100 kept to.
          </p>
          <Drawing className="use-plot" of={days} draw={drawWaits} />
        </section>
      )}
      {use.months.length > 0 && (
        <section aria-labelledby="use-months">
          <h3 id="use-months">Right at once, as confirmed</h3>
          <p className="label">
            Of the photos with “This is it” or a copied SKU, those whose product came first. Who finds a
            product says so more often than who does not, so it is rather too high.
          </p>
          <Drawing className="use-plot" of={use.months} draw={drawMonths} />
          <MonthsTable months={use.months} />
        </section>
      )}
    </>
  );
}

const STYLE = { fontFamily: 'inherit', fontSize: '11px', background: 'none', overflow: 'visible' };
const dateOf = (day: string) => new Date(`${day}T12:00:00`);
const SHORT = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
/** The names of days, as far apart as they need to be read. */
const namedDays = (days: readonly DayOfUse[], width: number) => {
  const every = Math.ceil((days.length * 56) / Math.max(1, width));
  return days.filter((_, at) => (days.length - 1 - at) % every === 0).map(({ day }) => day);
};

function frameOf(days: readonly DayOfUse[], width: number) {
  return {
    ...{ width, style: STYLE, marginLeft: 44, marginBottom: 24, marginTop: 8, marginRight: 8 },
    x: {
      domain: days.map(({ day }) => day),
      label: null,
      tickSize: 0,
      ticks: namedDays(days, width),
      tickFormat: (day: string) => SHORT.format(dateOf(day)),
      padding: 0.25,
    },
  };
}

function drawDays(days: readonly DayOfUse[], width: number): Element {
  const bars = days.flatMap(({ day, photos, unmatched, words, programs }) => {
    const counts = [photos - unmatched, unmatched, words, programs];
    return PARTS.map((part, at) => ({ day, part, count: counts[at] ?? 0 }));
  });
  return Plot.plot({
    ...frameOf(days, width),
    height: 150,
    y: { label: null, tickSize: 0, ticks: 4, tickFormat: whole, grid: true },
    color: { domain: [...PARTS], range: TINTS },
    marks: [
      Plot.barY(bars, { x: 'day', y: 'count', fill: 'part', order: [...PARTS] }),
      Plot.ruleY([0], { strokeOpacity: 0.4 }),
    ],
  });
}

/** No half questions. */
const whole = (count: number) => (Number.isInteger(count) ? formatCount(count) : '');

function drawWaits(days: readonly DayOfUse[], width: number): Element {
  const waited = days.flatMap(({ day, waits }) => (waits ? [{ day, ...waits }] : []));
  return Plot.plot({
    ...frameOf(days, width),
    height: 110,
    marginLeft: 56,
    y: {
      label: null,
      tickSize: 0,
      ticks: 3,
      zero: true,
      grid: true,
      tickFormat: (ms: number) => `${whole(ms)} ms`,
    },
    marks: [
      Plot.ruleX(waited, { x: 'day', y1: 'p50', y2: 'p95', strokeWidth: 2, strokeOpacity: 0.4 }),
      Plot.dot(waited, { x: 'day', y: 'p50', r: 4, fill: 'var(--use-photos)' }),
      Plot.ruleY([0], { strokeOpacity: 0.4 }),
    ],
  });
}

function drawMonths(months: readonly MonthOfAnswers[], width: number): Element {
  const told = months.filter(({ confirmed }) => confirmed > 0).slice(-12);
  return Plot.plot({
    ...{ width, style: STYLE, marginLeft: 76, marginRight: 110, marginTop: 4, marginBottom: 4 },
    height: 8 + 26 * Math.max(1, told.length),
    x: { domain: [0, 1], axis: null },
    y: { domain: told.map(({ month }) => month), label: null, tickSize: 0, padding: 0.3 },
    marks: [
      Plot.barX(told, { x: () => 1, y: 'month', fill: 'currentColor', fillOpacity: 0.07 }),
      Plot.barX(told, {
        x: ({ first, confirmed }) => first / confirmed,
        y: 'month',
        fill: 'var(--use-photos)',
      }),
      Plot.text(told, {
        y: 'month',
        text: ({ first, confirmed }) => `${formatShare(first / confirmed)} of ${formatCount(confirmed)}`,
        frameAnchor: 'right',
        textAnchor: 'start',
        dx: 8,
        fill: 'currentColor',
      }),
    ],
  });
}

function DaysTable({ days }: { days: readonly DayOfUse[] }) {
  const asked = days.filter(({ photos, words, programs }) => photos + words + programs > 0).reverse();
  return (
    <details className="use-table">
      <summary>As a table</summary>
      <table className="numbers">
        <thead>
          <tr>
            <th scope="col">Day</th>
            <th scope="col">Photos</th>
            <th scope="col">Without a good match</th>
            <th scope="col">Words</th>
            <th scope="col">Programs</th>
            <th scope="col">Half within</th>
            <th scope="col">95 % within</th>
          </tr>
        </thead>
        <tbody>
          {asked.map(({ day, photos, unmatched, words, programs, waits }) => (
            <tr key={day}>
              <th scope="row">{SHORT.format(dateOf(day))}</th>
              <td>{formatCount(photos)}</td>
              <td>{formatCount(unmatched)}</td>
              <td>{formatCount(words)}</td>
              <td>{formatCount(programs)}</td>
              <td>{waits ? `${formatCount(waits.p50)} ms` : '–'}</td>
              <td>{waits ? `${formatCount(waits.p95)} ms` : '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

function MonthsTable({ months }: { months: readonly MonthOfAnswers[] }) {
  return (
    <details className="use-table">
      <summary>As a table</summary>
      <table className="numbers">
        <thead>
          <tr>
            <th scope="col">Month</th>
            <th scope="col">Confirmed</th>
            <th scope="col">Of these first</th>
            <th scope="col">Not in our range</th>
          </tr>
        </thead>
        <tbody>
          {months.map(({ month, confirmed, first, absent }) => (
            <tr key={month}>
              <th scope="row">{month}</th>
              <td>{formatCount(confirmed)}</td>
              <td>{formatCount(first)}</td>
              <td>{formatCount(absent)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
