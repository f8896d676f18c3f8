import type { Filters, Understanding, WordsPart } from '../../contract/search.ts';
import type { Searchable, StyleMatch } from '../snapshot/searchable.ts';
import type { ReadPart } from '../words/read.ts';
import type { ReadText } from './understand.ts';
import { allOf, isAsked, type Wishes } from './wishes.ts';

/** What is known of a text before styles are ranked. */
export type Told = Omit<Understanding, 'outOfPrice'>;

export const NOTHING_TOLD: Told = { parts: [], together: null };

/** What is told of a typed SKU, barcode or id. */
export function tellCode(text: string, matches: readonly StyleMatch[]): Told {
  const exact = matches.filter((match) => match.exact).length;
  const span = { of: 'words', start: 0, end: text.length } as const;
  const part = { text, span, not: false, values: [text], readAs: null, suggestions: [], found: exact };
  return { parts: [{ kind: 'code', ...part }], together: exact };
}

/** Whether at least half of the words for what is wanted found nothing: what else is found may be something else. */
export function isMostlyUnfound({ parts }: Told): boolean {
  const wanted = parts.filter(({ not }) => !not);
  const count = (some: readonly WordsPart[]) =>
    some.reduce((sum, { text }) => sum + text.trim().split(/\s+/).length, 0);
  return count(wanted) > 0 && 2 * count(wanted.filter(({ found }) => found === 0)) >= count(wanted);
}

/** Tells what each part of a text was understood as, and how many styles are that. */
export async function tellParts(
  { parts, without }: ReadText,
  wishes: Wishes,
  filters: Filters,
  snapshot: Searchable,
  hasEncoder: boolean,
): Promise<Told> {
  const tell = async (of: WordsPart['span']['of'], part: ReadPart): Promise<WordsPart> => {
    const { kind, text, span, not, readAs, suggestions, sense } = part;
    // Of the whole catalog: a filter that leaves nothing does not mean that nobody sells it.
    const found = await numberOf(part, snapshot);
    return {
      kind,
      text,
      span: { of, start: span[0], end: span[1] },
      not,
      values: [...sense.values],
      readAs,
      suggestions: found === 0 ? [...suggestions] : [],
      // What no field says, pictures may show.
      found: found === 0 && hasEncoder && SEEN.has(kind) ? null : found,
    };
  };
  const told = await Promise.all([
    ...parts.map((part) => tell('words', part)),
    ...without.map((part) => tell('without', part)),
  ]);
  return { parts: told, together: isAsked(wishes) ? await snapshot.count(allOf(filters, wishes)) : null };
}

const SEEN: ReadonlySet<WordsPart['kind']> = new Set(['text', 'title', 'property', 'category']);

async function numberOf({ bare, sense }: ReadPart, snapshot: Searchable): Promise<number> {
  if (sense.levels.length === 0) return (await snapshot.havingAll(bare, {})).size;
  return snapshot.count({ words: [{ anyOf: sense.levels.flat() }] });
}
