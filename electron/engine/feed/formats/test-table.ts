import type { readText } from '../test-feed.ts';

export type Row = Record<string, string>;

/** A table as shop systems export it, with quotes around the cells that need them. */
export function table(columns: readonly string[], rows: readonly Row[], mark = ','): string {
  const cell = (text: string) =>
    new RegExp(`["\\n${mark}]`).test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  const lines = rows.map((row) => columns.map((column) => cell(row[column] ?? '')).join(mark));
  return `${[columns.map(cell).join(mark), ...lines].join('\n')}\n`;
}

/** The problems of items that were left out: item, code and parameters. */
export const hiddenOf = ({ problems }: Awaited<ReturnType<typeof readText>>) =>
  problems.map(({ item, code, params }) => [item, code, params]);
