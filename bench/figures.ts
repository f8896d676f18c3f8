/** One number of a run, with its baseline and its target. */
export interface Figure {
  name: string;
  value: number;
  unit: 'ms' | 'images/s' | 'photos/s' | 'frames/s' | 'MB' | 's' | 'of 1';
  /** Measured in the same run; the ratio is value / baseline. */
  baseline?: { name: string; value: number };
  /** The target of the ratio or, without a baseline, of the value. */
  target?: { atMost: number } | { atLeast: number };
}

/** The quantile of the samples at a share (the nearest sample, not interpolated). */
export function quantile(samples: readonly number[], share: number): number {
  const ordered = samples.toSorted((a, b) => a - b);
  const at = Math.min(ordered.length - 1, Math.floor(share * ordered.length));
  return ordered[at] ?? Number.NaN;
}

export const median = (samples: readonly number[]): number => quantile(samples, 0.5);

export function ratioOf({ value, baseline }: Figure): number | null {
  return baseline ? value / baseline.value : null;
}

/** Null when there is no target. */
export function targetMet(figure: Figure): boolean | null {
  const { target, value } = figure;
  if (!target) return null;
  const reached = ratioOf(figure) ?? value;
  return 'atMost' in target ? reached <= target.atMost : reached >= target.atLeast;
}

/** Columns of text: figure, value, baseline, ratio, target. */
export function formatFigures(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => {
    const { name, value, unit, baseline } = figure;
    const ratio = ratioOf(figure);
    return [
      name,
      `${short(value)} ${unit}`,
      baseline ? `${baseline.name} ${short(baseline.value)} ${unit}` : '',
      ratio === null ? '' : `${ratio.toFixed(2)}x`,
      formatTarget(figure),
    ];
  });
  return columns([['', 'measured', 'compared with', 'ratio', 'target'], ...rows]);
}

function formatTarget(figure: Figure): string {
  const { target, unit, baseline } = figure;
  if (!target) return '';
  const [sign, limit] = 'atMost' in target ? ['<=', target.atMost] : ['>=', target.atLeast];
  return `${sign} ${limit}${baseline ? 'x' : ` ${unit}`}  ${targetMet(figure) ? 'met' : 'MISSED'}`;
}

function columns(rows: string[][]): string {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function short(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(value >= 10 ? 1 : 2);
}
