import type { FeedMapping } from '../../contract/publishing.ts';
import { isRecord } from './format.ts';
import { missingFields, proposeFields } from './mapping.ts';

const ITEMS_LOOKED_AT = 20;
const DEEPEST_LIST = 4;
const DEEPEST_FIELD = 6;

type JsonMapping = Extract<FeedMapping, { format: 'json-mapping' }>;

/** A list of objects that could be the document's products, and the names of their members. */
interface ItemList {
  path: string;
  count: number;
  fields: string[];
}

/**
 * Proposes where the items of a JSON document and their fields are: in the list whose objects have the most of a product's
 * fields.
 */
export function proposeJsonMapping(json: unknown): { mapping: JsonMapping | null; fields: string[] } {
  const proposals = itemLists(json, [], 0).map(({ path, count, fields }) => {
    const mapping: JsonMapping = { format: 'json-mapping', items: path, fields: proposeFields(fields) };
    return { mapping, fields, count, missing: missingFields(mapping.fields).length };
  });
  const [best] = proposals.sort((a, b) => a.missing - b.missing || b.count - a.count);
  return best ?? { mapping: null, fields: [] };
}

function itemLists(value: unknown, path: string[], depth: number): ItemList[] {
  if (Array.isArray(value) && value.some(isRecord)) {
    return [{ path: joined(path) || '$', count: value.length, fields: leafPaths(value) }];
  }
  if (!isRecord(value) || depth === DEEPEST_LIST) return [];
  return Object.entries(value).flatMap(([name, inner]) => itemLists(inner, [...path, name], depth + 1));
}

/** The paths of all values in the items that are neither objects nor lists. */
export function leafPaths(items: readonly unknown[]): string[] {
  const paths = new Set<string>();
  const visit = (value: unknown, path: string[]) => {
    if (path.length > DEEPEST_FIELD) return;
    if (Array.isArray(value))
      for (const inner of value.slice(0, ITEMS_LOOKED_AT)) visit(inner, [...path, '[*]']);
    else if (isRecord(value))
      for (const [name, inner] of Object.entries(value)) visit(inner, [...path, name]);
    else paths.add(joined(path));
  };
  for (const item of items.slice(0, ITEMS_LOOKED_AT)) if (isRecord(item)) visit(item, []);
  return [...paths];
}

/** The path as text, in the form that `parsePath` reads. */
function joined(path: readonly string[]): string {
  return path
    .map((name) => {
      if (name === '[*]') return name;
      return /^[^.[\]"*$\s][^.[\]]*(?<!\s)$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
    })
    .join('')
    .replace(/^\./, '');
}
