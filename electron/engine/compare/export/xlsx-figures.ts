import { type Exported, rowsOf } from './exported.ts';
import { standingLines, standingOf, trustLines } from './figures.ts';
import { columnName, numberCell, STYLE, type Style, sheetEnd, sheetStart, textCell } from './xlsx-xml.ts';

type Cell = string | readonly [number, Style];

/** The sheet of figures: how the rows stand, and what was measured of their first candidates. */
export function figuresSheet(exported: Exported): string {
  const { name, competitor, about } = exported.summary;
  const rows = [...rowsOf(exported)];
  const standing = standingOf(rows);
  const head = (...cells: string[]) => cells.map((text): [string, Style] => [text, STYLE.head]);
  const plain = (...cells: Cell[]) =>
    cells.map((cell): [string | number, Style] =>
      typeof cell === 'string' ? [cell, STYLE.wrapped] : [...cell],
    );
  const lines: (readonly [string | number, Style])[][] = [
    [[name, STYLE.title]],
    plain('Competitor', competitor ?? ''),
    plain(
      'Compared with',
      about ? `${about.snapshot.name}, ${about.snapshot.products} products` : 'nothing yet',
    ),
    [],
    head('How it stands', 'Pictures', 'Share'),
    ...standingLines(standing).map(([label, count]) =>
      plain(label, [count, STYLE.plain], [rows.length > 0 ? count / rows.length : 0, STYLE.percent]),
    ),
    plain('Decided in bulk, of those decided', [standing.inBulk, STYLE.plain]),
    plain('Taken over from a table, of those decided', [standing.merged, STYLE.plain]),
  ];
  const trust = trustLines(exported.trust);
  if (trust.length > 0)
    lines.push([], head('Measured on this comparison', 'Pictures', 'Of', 'Share', 'At least', 'At most'));
  for (const { label, share } of trust) {
    const { count, of, low, high } = share;
    const shares: Cell[] = of > 0 ? [count / of, low, high].map((value) => [value, STYLE.percent]) : [];
    lines.push(plain(label, [count, STYLE.plain], [of, STYLE.plain], ...shares));
  }
  const sheet = { widths: [60, 12, 12, 12, 12, 12], frozen: { columns: 0, rows: 0 }, fitted: true };
  const end = { filtered: null, matches: null, hasDrawing: false };
  return [sheetStart(sheet), ...lines.map((line, i) => lineXml(line, i + 1)), sheetEnd(end)].join('');
}

function lineXml(line: readonly (readonly [string | number, Style])[], row: number): string {
  const cells = line.map(([value, style], i) => {
    const at = `${columnName(i)}${row}`;
    return typeof value === 'number' ? numberCell(at, value, style) : textCell(at, value, style);
  });
  return `<row r="${row}">${cells.join('')}</row>`;
}
