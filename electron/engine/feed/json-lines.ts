import { type FeedPart, isRecord } from './format.ts';
import { invalidFeed } from './invalid-feed.ts';
import { invalidItem } from './problem.ts';

const MOST_CHARACTERS_PER_LINE = 16_000_000;

/** Whether the first line is a complete object and more text follows: then the document is not a single object. */
export function isJsonLines(head: string): boolean {
  const end = head.indexOf('\n');
  return end > 0 && head.slice(end).trim() !== '' && isRecord(parsed(head.slice(0, end)));
}

/** The objects in the lines of a head. */
export function linesOf(head: string): unknown[] {
  return head.split('\n').map(parsed).filter(isRecord);
}

/**
 * The items of NDJSON. A line that is not JSON is one problem.
 * @throws LookalikeError FEED_INVALID when the last line is truncated
 */
export async function* jsonLines({
  text,
  url,
}: {
  text: AsyncIterable<string>;
  url: string;
}): AsyncGenerator<FeedPart> {
  let number = 0;
  let open = '';
  for await (const chunk of text) {
    const lines = (open + chunk).split('\n');
    open = lines.pop() ?? '';
    for (const line of lines) yield* itemOf(line, ++number);
    if (open.length > MOST_CHARACTERS_PER_LINE) {
      throw invalidFeed(url, { reason: 'line-long', line: number + 1, most: MOST_CHARACTERS_PER_LINE });
    }
  }
  if (open.trim() !== '' && parsed(open) === undefined) {
    throw invalidFeed(url, { reason: 'line-cut', line: number + 1 });
  }
  yield* itemOf(open, number + 1);
}

function* itemOf(line: string, number: number): Generator<FeedPart> {
  if (line.trim() === '') return;
  const fields = parsed(line);
  if (fields !== undefined) yield { fields, place: `line ${number}` };
  else yield { problem: invalidItem(`line ${number}`, { reason: 'line-damaged' }) };
}

/** Undefined when the line is not JSON. */
function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
