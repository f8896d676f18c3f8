import type { FeedMapping, ImportProblem } from '../../contract/publishing.ts';
import type { FeedDocument } from './document.ts';
import type { PageSigns } from './page-signs.ts';

/** What a format reads from its document, in order. */
export type FeedPart =
  /** An item with the names and types of format v1, and its position when "item 12" would not describe it well. */
  | { fields: unknown; place?: string }
  | { problem: ImportProblem }
  /** The feed's own name. */
  | { feedName: string }
  /** Everything that follows comes from another document, which the first document's validator does not cover. */
  | { furtherPage: string }
  /** At the end of a page: its signs of further pages. `all` comes from a format that follows its pages itself. */
  | { page: PageSigns | 'all' };

export interface Format {
  recognises(document: FeedDocument): boolean;
  /** @throws LookalikeError FEED_INVALID when the document does not have this format, or is incomplete */
  read(document: FeedDocument, mapping: FeedMapping | null): AsyncIterable<FeedPart>;
}

export type Fields = Record<string, unknown>;

export const isRecord = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A list of one, several or no values. */
export const listOf = (value: unknown): unknown[] => [value ?? []].flat();
