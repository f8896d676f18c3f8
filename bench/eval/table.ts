import { parse } from 'csv-parse/sync';

/** Columns that name photos: each is the split of the photo that it names. */
const PHOTOS = ['query', 'gallery'] as const;
/** Columns of a manifest's line, by their names in a table. */
const LABELS = { product: 'productId', group: 'groupId', category: 'category', color: 'color' } as const;

/**
 * The lines of a manifest that a table stands for, as published sets come: a row names a photo that is asked with (`query`), a
 * picture of the catalog (`gallery`) or one of each, and their `product`, `category` and, where there are any, `group` and
 * `color`. A picture that several rows name is one picture. Other columns are passed over. The first row names the columns, in
 * any case; commas, semicolons or tabs separate them.
 * @returns `at` is the line of the text, from 1
 * @throws Error where a row is not a row, or no column names photos or products
 */
export function linesOfTable(text: string): { at: number; json: unknown }[] {
  const rows: { record: Record<string, string>; info: { lines: number } }[] = parse(text, {
    bom: true,
    delimiter: [',', ';', '\t'],
    columns: (names: string[]) => names.map((name) => name.trim().toLowerCase()),
    skip_empty_lines: true,
    trim: true,
    info: true,
  });
  const [first] = rows;
  const has = (name: string) => first !== undefined && name in first.record;
  if (!PHOTOS.some(has) || !has('product'))
    throw new Error(
      'The table needs a column "product", and "query", "gallery" or both for files of photos.',
    );
  const lines = new Map<string, { at: number; json: unknown }>();
  for (const { record, info } of rows) {
    const labels = Object.fromEntries(
      Object.entries(LABELS).map(([column, name]) => [name, record[column] || undefined]),
    );
    for (const split of PHOTOS) {
      const file = record[split];
      const key = JSON.stringify([split, file, labels.productId]);
      if (file && !lines.has(key)) lines.set(key, { at: info.lines, json: { file, split, ...labels } });
    }
  }
  return [...lines.values()];
}
