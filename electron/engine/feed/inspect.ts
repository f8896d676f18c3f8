import { LookalikeError } from '../../contract/errors.ts';
import type { FeedFormat, FeedMapping, ImportProblem } from '../../contract/publishing.ts';
import { tableLayout } from './delimited.ts';
import { type FeedDocument, openDocument } from './document.ts';
import { charsetOf, documentFeed, type FeedOptions, formatOf, type OpenFeed, openFolder } from './feed.ts';
import { csvMapping } from './formats/csv.ts';
import { isFolder } from './formats/folder.ts';
import { proposeJsonMapping } from './json-outline.ts';
import { problem } from './problem.ts';
import type { FeedProduct } from './product.ts';
import { isUrl } from './resource.ts';

const ITEMS_LOOKED_AT = 20;

export interface FeedInspection {
  format: FeedFormat;
  /** The columns of a table, or the paths within an item of a JSON document. A mapping refers to them. */
  columns: string[];
  /** The given mapping, or one proposed from the names; null when the format needs none. */
  mapping: FeedMapping | null;
  /** The first products, read with that mapping. */
  samples: FeedProduct[];
  /** Problems of the first items, or the reason why the feed cannot be read. */
  problems: ImportProblem[];
}

/**
 * Inspects the beginning of a feed: its format, its mapping, and the first products that result.
 * @param ref absolute path of a file or folder, or http(s) URL
 * @throws LookalikeError as `openFeed`; errors that a better mapping could mend are among the problems instead
 */
export async function inspectFeed(ref: string, options: FeedOptions): Promise<FeedInspection> {
  if (!isUrl(ref) && (await isFolder(ref))) {
    return {
      columns: [],
      mapping: null,
      ...(await look(openFolder(ref, { ...options, most: ITEMS_LOOKED_AT }), ref)),
    };
  }
  const { signal, headers = {}, imageBase = null } = options;
  const charset = charsetOf(options);
  const document = await openDocument(ref, { signal, headers, charset, imageBase });
  // No validator was sent, so the document cannot be "unchanged".
  if (document === 'unchanged') throw new Error('an unasked "unchanged"');
  const format = formatOf(ref, document, options);
  const { columns, mapping } = proposal(
    format,
    document,
    options.mapping ?? null,
    charset ?? document.guessedCharset,
  );
  return {
    columns,
    mapping,
    ...(await look(documentFeed(ref, document, { ...options, format, mapping, most: ITEMS_LOOKED_AT }), ref)),
  };
}

function proposal(
  format: FeedFormat,
  { head, json }: FeedDocument,
  given: FeedMapping | null,
  charset: string | null,
): Pick<FeedInspection, 'columns' | 'mapping'> {
  const layout = isTable(format) ? tableLayout(head) : null;
  if (format === 'csv' && layout) {
    return { columns: layout.columns, mapping: { ...csvMapping(layout, given), charset } };
  }
  if (format === 'json-mapping') {
    const { fields, mapping } = proposeJsonMapping(json);
    return { columns: fields, mapping: given ?? mapping };
  }
  return { columns: layout?.columns ?? [], mapping: null };
}

const isTable = (format: FeedFormat): boolean => format === 'google-tsv' || format.endsWith('csv');

/** Reads the first items, and no more of the document than they need. */
async function look(
  feed: OpenFeed,
  ref: string,
): Promise<Pick<FeedInspection, 'format' | 'samples' | 'problems'>> {
  const samples: FeedProduct[] = [];
  const problems: ImportProblem[] = [];
  try {
    for await (const item of feed.items) {
      if (item.product) samples.push(item.product);
      for (const each of item.problems) problems.push(each);
    }
  } catch (cause) {
    if (!isInvalid(cause)) throw cause;
    problems.push(problem(ref, cause.fault));
  }
  return { format: feed.format, samples, problems };
}

const isInvalid = (cause: unknown): cause is LookalikeError =>
  cause instanceof LookalikeError && cause.code === 'FEED_INVALID';
