import type { Table } from '@lancedb/lancedb';
import { lanceDb } from './lance-library.ts';

/** The columns with full-text indexes. */
export const WORD_COLUMNS = [
  'title',
  'brand',
  'sku',
  'productId',
  'category',
  'color',
  'attributes',
] as const;
/** Lance compares rows that are not in an index yet one by one. For this many rows that takes a millisecond. */
const MOST_UNINDEXED = 1000;

/**
 * Updates the full-text indexes with a table's newest rows. Words are compared by their English stems ("dresses", "dress"),
 * without case and accents. A table without these indexes still answers, but only by whole words.
 */
export async function keepFieldIndexes(table: Table): Promise<void> {
  if ((await table.countRows()) === 0) return;
  const indexes = await table.listIndices();
  for (const column of WORD_COLUMNS) {
    const index = indexes.find(({ indexType, columns }) => indexType === 'FTS' && columns.includes(column));
    if (index && (index.numUnindexedRows ?? 0) <= MOST_UNINDEXED) continue;
    const config = lanceDb().Index.fts({
      baseTokenizer: 'simple',
      language: 'English',
      lowercase: true,
      asciiFolding: true,
      stem: true,
      removeStopWords: false,
      withPosition: false,
      maxTokenLength: 128,
    });
    await table.createIndex(column, { config });
  }
}
