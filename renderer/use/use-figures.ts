import type { DayOfUse, Use } from '../../electron/contract/use.ts';

/** Days that the plots show, today among them. */
export const DAYS_SHOWN = 30;

/** The last days up to today, those on which nothing was asked among them. @param today "2026-12-01" */
export function lastDays(days: readonly DayOfUse[], today: string): DayOfUse[] {
  const known = new Map(days.map((each) => [each.day, each]));
  return Array.from({ length: DAYS_SHOWN }, (_, at) => {
    const day = dayBefore(today, DAYS_SHOWN - 1 - at);
    return known.get(day) ?? { day, photos: 0, unmatched: 0, words: 0, programs: 0, waits: null };
  });
}

function dayBefore(day: string, days: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() - days);
  return date.toISOString().slice(0, 10);
}

export interface UseTotals {
  photos: number;
  unmatched: number;
  words: number;
  programs: number;
  confirmed: number;
  first: number;
}

/** Over all days and months. */
export function totalsOf({ days, months }: Pick<Use, 'days' | 'months'>): UseTotals {
  const sum = <Each>(all: readonly Each[], count: (each: Each) => number) =>
    all.reduce((total, each) => total + count(each), 0);
  return {
    photos: sum(days, ({ photos }) => photos),
    unmatched: sum(days, ({ unmatched }) => unmatched),
    words: sum(days, ({ words }) => words),
    programs: sum(days, ({ programs }) => programs),
    confirmed: sum(months, ({ confirmed }) => confirmed),
    first: sum(months, ({ first }) => first),
  };
}
