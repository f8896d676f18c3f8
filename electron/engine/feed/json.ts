import { JSONParser } from '@streamparser/json';
import { invalidFeed } from './invalid-feed.ts';

/**
 * The most characters of one item. A document without items must not be collected in memory while the parser looks for one.
 */
const MOST_CHARACTERS_PER_ITEM = 16_000_000;

export interface JsonValue {
  /** Keys and list indexes from the root to the value. */
  path: (string | number)[];
  value: unknown;
}

/**
 * Yields the values at the given paths of a JSON document, one by one as they arrive.
 * @param selectors of `@streamparser/json`: `$.products.*`
 * @throws LookalikeError FEED_INVALID when the document is not JSON, or is incomplete
 */
export async function* jsonValues(
  text: AsyncIterable<string>,
  selectors: string[],
  ref: string,
): AsyncGenerator<JsonValue> {
  const found: JsonValue[] = [];
  const parser = new JSONParser({ paths: selectors, keepStack: false });
  parser.onValue = ({ value, key, stack }) => found.push({ path: pathOf(stack, key), value });
  const repair = repairNumbers();
  let sinceItem = 0;
  let items = 0;
  const write = (chunk: string, last: boolean) => {
    try {
      const repaired = repair(chunk, last);
      if (repaired && !(parser.isEnded && repaired.trim() === '')) parser.write(repaired);
      if (last && !parser.isEnded) parser.end();
    } catch (cause) {
      const reason = last ? 'json-cut' : 'json-damaged';
      throw invalidFeed(ref, { reason, products: items + found.length }, cause);
    }
    sinceItem = found.length > 0 ? 0 : sinceItem + chunk.length;
    if (sinceItem > MOST_CHARACTERS_PER_ITEM) {
      throw invalidFeed(ref, { reason: 'item-endless', most: MOST_CHARACTERS_PER_ITEM });
    }
  };
  for await (const chunk of text) {
    write(chunk, false);
    items += found.length;
    yield* found.splice(0);
  }
  write('', true);
  yield* found.splice(0);
}

/** Parses the beginning of a JSON document as far as possible. What is still open at the end is closed. */
export function partialJson(head: string): unknown {
  let root: unknown;
  const parser = new JSONParser({ emitPartialValues: true });
  parser.onValue = ({ value, parent, stack }) => {
    root = stack.length > 1 ? stack[1]?.value : (parent ?? value);
  };
  try {
    parser.write(repairNumbers()(head, true));
  } catch {
    // The values before the syntax error are used.
  }
  return root;
}

type Stack = readonly { key?: string | number | undefined }[];

function pathOf(stack: Stack, key: string | number | undefined): (string | number)[] {
  return [...stack.slice(1).map((level) => level.key), key].flatMap((part) => part ?? []);
}

/**
 * Turns Python's JSON into JSON: NaN, which means a missing value there, becomes null; an infinite number becomes a text, so
 * that the report can show it.
 * @returns a function that takes the document piece by piece
 */
function repairNumbers(): (chunk: string, last: boolean) => string {
  const inside = /["\\]/g;
  const outside = /"|NaN|-?Infinity/g;
  let inString = false;
  let held = '';
  return (chunk, last) => {
    const input = held + chunk;
    const end = last ? input.length : input.length - unfinished(input);
    held = input.slice(end);
    let repaired = '';
    let copied = 0;
    for (let at = 0; at < end; ) {
      const next = inString ? inside : outside;
      next.lastIndex = at;
      const found = next.exec(input);
      if (!found || found.index >= end) break;
      at = found.index + found[0].length;
      if (found[0] === '"') inString = !inString;
      else if (found[0] === '\\') at++;
      else {
        repaired += input.slice(copied, found.index) + (found[0] === 'NaN' ? 'null' : `"${found[0]}"`);
        copied = at;
      }
    }
    return repaired + input.slice(copied, end);
  };
}

/** The number of characters at the end that belong to a word or an escape and may continue in the next piece. */
function unfinished(input: string): number {
  let start = input.length;
  while (input[start - 1] === '\\') start--;
  if (start < input.length) return input.length - start;
  return /-?[A-Za-z]{0,8}$/.exec(input.slice(-9))?.[0].length ?? 0;
}
