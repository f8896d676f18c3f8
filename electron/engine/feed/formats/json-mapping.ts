import type { FeedMapping } from '../../../contract/publishing.ts';
import type { FeedDocument } from '../document.ts';
import { type FeedPart, type Fields, type Format, isRecord } from '../format.ts';
import { invalidFeed } from '../invalid-feed.ts';
import { isJsonLines, jsonLines } from '../json-lines.ts';
import { leafPaths } from '../json-outline.ts';
import { type Path, parsePath, selectorOf, valuesAt } from '../json-path.ts';
import { type FieldMapping, mapped, missingFields } from '../mapping.ts';
import { jsonPage } from '../page-signs.ts';
import { unusedColumns, unusedProblems } from '../unused.ts';

const ITEMS_LOOKED_AT = 50;

/** Any JSON or NDJSON. A mapping says where its items and their fields are. */
export const jsonMapping: Format = {
  // Never recognised automatically, because the fields are unknown without a mapping.
  recognises: () => false,

  async *read(document, mapping) {
    const { url, head } = document;
    if (mapping?.format !== 'json-mapping') {
      throw invalidFeed(url, { reason: 'no-mapping' });
    }
    const missing = missingFields(mapping.fields);
    if (missing.length > 0) throw invalidFeed(url, { reason: 'mapping-incomplete', fields: missing });
    const read = itemReader(mapping, url);
    const items = valuesAt(document.json, parsePath(mapping.items, url)).flat();
    const unused = unusedColumns(firstValues(items, mapping.fields, url), mapping.fields);
    // From a list within an item only pictures are read.
    yield* unusedProblems(
      unused.filter(({ column, looksLike }) => looksLike === 'images' || !column.includes('[*]')),
    );
    if (mapping.items === '$' && isJsonLines(head)) {
      for await (const part of jsonLines(document)) {
        yield 'fields' in part ? { ...part, fields: read(part.fields) } : part;
      }
    } else {
      yield* itemsAt(parsePath(mapping.items, url), document, read);
    }
  },
};

async function* itemsAt(
  path: Path,
  document: FeedDocument,
  read: (value: unknown) => unknown,
): AsyncGenerator<FeedPart> {
  const { json, url } = document;
  let found = false;
  for await (const part of jsonPage(document, selectorOf(path, url))) {
    found ||= 'value' in part;
    yield 'value' in part ? { fields: read(part.value) } : part;
  }
  // An empty list is acceptable; a path that does not exist was meant for another document.
  if (!found && valuesAt(json, path).length === 0) {
    throw invalidFeed(url, { reason: 'mapping-elsewhere' });
  }
}

/** The first values at each path. Values beside a used one ("price.currency") belong to it. */
function firstValues(items: readonly unknown[], fields: FieldMapping, url: string): Map<string, string[]> {
  const first = items.slice(0, ITEMS_LOOKED_AT);
  const roots = new Set(
    Object.values(fields)
      .flat()
      .map((path) => path.split(/[.[]/)[0]),
  );
  const values = leafPaths(first).map((place): [string, string[]] => {
    const path = parsePath(place, url);
    return [place, first.flatMap((item) => valuesAt(item, path)).map(String)];
  });
  return new Map(values.filter(([place]) => !roots.has(place.split(/[.[]/)[0])));
}

function itemReader({ fields }: Extract<FeedMapping, { format: 'json-mapping' }>, url: string) {
  const paths = new Map<string, Path>();
  for (const path of Object.values(fields).flat()) paths.set(path, parsePath(path, url));
  const roots = new Set([...paths.values()].map(([first]) => first));
  return (value: unknown): unknown => (isRecord(value) ? item(value, fields, paths, roots) : value);
}

function item(value: Fields, fields: FieldMapping, paths: Map<string, Path>, roots: Set<unknown>): Fields {
  const unmapped = Object.entries(value).filter(([name]) => !roots.has(name));
  return {
    ...mapped(fields, (path) => amounts(value, paths.get(path) ?? [])),
    attributes: Object.fromEntries(unmapped.filter(([, written]) => written !== null && written !== '')),
  };
}

/**
 * The values at a path. Prices in the smallest unit, as in WooCommerce's Store API ("1900" cents), are converted to whole
 * units.
 */
function amounts(item: Fields, path: Path): unknown[] {
  const values = valuesAt(item, path);
  const [holder] = valuesAt(item, path.slice(0, -1));
  const decimals = isRecord(holder) ? holder.currency_minor_unit : undefined;
  if (typeof decimals !== 'number') return values;
  const isAmount = (value: unknown): value is string => typeof value === 'string' && /^\d+$/.test(value);
  return values.map((value) => (isAmount(value) ? Number(value) / 10 ** decimals : value));
}
