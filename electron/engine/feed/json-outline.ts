import type { FeedMapping } from '../../contract/publishing.ts';
import { isRecord } from './format.ts';
import { missingFields, proposeFields } from './mapping.ts';

const ITEMS_LOOKED_AT = 20;
const DEEPEST_LIST = 4;
const DEEPEST_FIELD = 6;

type JsonMapping = Extract<FeedMapping, { format: 'json-mapping' }>;

/** The lists of objects in a document that could be its products, and what their members are called. */
interface ItemList {
  path: string;
  count: number;
  fields: string[];
}

/** Proposes where the items of a JSON document and their fields are: in the list that has the most of what products have. */
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

/** The paths of everything in the items that is not an object or a list itself. */
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

/** As `parsePath` reads it. */
function joined(path: readonly string[]): string {
  return path
    .map((name) => {
      if (name === '[*]') return name;
      return /^[^.[\]"*$\s][^.[\]]*(?<!\s)$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
    })
    .join('')
    .replace(/^\./, '');
}
