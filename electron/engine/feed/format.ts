import type { FeedMapping, ImportProblem } from '../../contract/publishing.ts';
import type { FeedDocument } from './document.ts';
import type { PageSigns } from './page-signs.ts';

/** What a format makes of its document, one thing after the other. */
export type FeedPart =
  /** An item with its fields named and shaped as in format v1, and where it stood if "item 12" would not say it best. */
  | { fields: unknown; place?: string }
  | { problem: ImportProblem }
  /** What the feed calls itself. */
  | { feedName: string }
  /** From here on it is another document, of which the first one's validator says nothing. */
  | { furtherPage: string }
  /** At a page's end: what it says of further ones; `all` from a format that follows its pages itself. */
  | { page: PageSigns | 'all' };

export interface Format {
  recognises(document: FeedDocument): boolean;
  /** @throws LookalikeError FEED_INVALID when the document is not of this format, or is not whole */
  read(document: FeedDocument, mapping: FeedMapping | null): AsyncIterable<FeedPart>;
}

export type Fields = Record<string, unknown>;

export const isRecord = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** One or several, or none, as a list. */
export const listOf = (value: unknown): unknown[] => [value ?? []].flat();
