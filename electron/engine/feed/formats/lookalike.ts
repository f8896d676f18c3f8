import type { FeedDocument } from '../document.ts';
import { type FeedPart, type Format, isRecord } from '../format.ts';
import { invalidFeed } from '../invalid-feed.ts';
import type { JsonValue } from '../json.ts';
import { isJsonLines, jsonLines } from '../json-lines.ts';
import { jsonPage } from '../page-signs.ts';

const ITEMS_LOOKED_AT = 20;

/**
 * The app's own format, v1: `{ "version": 1, "name": "...", "products": [...] }`, or only the list of products, or one
 * product a line (NDJSON).
 */
export const lookalike: Format = {
  recognises({ json }) {
    const items = itemsOf(json);
    if (!items) return isRecord(json) && looksLikeItem(json);
    const versioned = isRecord(json) && 'version' in json;
    return versioned || items.length === 0 || items.slice(0, ITEMS_LOOKED_AT).some(looksLikeItem);
  },

  async *read(document) {
    if (isJsonLines(document.head)) yield* jsonLines(document);
    else {
      const { items, others } = selectors(document);
      for await (const found of jsonPage(document, items, others)) {
        yield 'page' in found ? found : part(found, document);
      }
    }
  },
};

function itemsOf(json: unknown): unknown[] | null {
  if (Array.isArray(json)) return json;
  return isRecord(json) && Array.isArray(json.products) ? json.products : null;
}

/** Whether an item has fields that only a product of this format has, though others may be missing. */
function looksLikeItem(item: unknown): boolean {
  if (!isRecord(item) || '@type' in item || Array.isArray(item.variants)) return false;
  return 'title' in item && ['id', 'image', 'images'].some((field) => field in item);
}

function selectors({ json, url }: FeedDocument): { items: string; others: string[] } {
  if (Array.isArray(json)) return { items: '$.*', others: [] };
  if (itemsOf(json)) return { items: '$.products.*', others: ['$.version', '$.name'] };
  if (looksLikeItem(json)) return { items: '$', others: [] };
  throw invalidFeed(url, { reason: 'no-products' });
}

function part({ path, value }: JsonValue, { json, url }: FeedDocument): FeedPart {
  if (Array.isArray(json) || path.length !== 1) return { fields: value };
  if (path[0] === 'version' && value !== 1) {
    throw invalidFeed(url, { reason: 'version', version: String(JSON.stringify(value)) });
  }
  return { feedName: path[0] === 'name' && typeof value === 'string' ? value : '' };
}
