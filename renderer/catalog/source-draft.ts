import { z } from 'zod';
import {
  type FeedFormat,
  type FeedMapping,
  type FeedRequest,
  type FeedSource,
  feedMapping,
  type Source,
  source,
} from '../../electron/contract/publishing.ts';
import { isPack, sourceName } from './feed-words.ts';

/** A source that is being edited. */
export interface Draft {
  /** Null until it is saved. */
  id: string | null;
  place: 'url' | 'file' | 'folder';
  /** A URL, or an absolute path. */
  where: string;
  /** Empty: named after its address. */
  name: string;
  /** Null: recognised automatically. */
  format: FeedFormat | null;
  mapping: FeedMapping | null;
  /** The feed's text encoding; null: the one that it declares. A table's encoding is in its mapping. */
  charset: string | null;
  /** The base URL of pictures that the feed names only by paths; empty: none. */
  imageBase: string;
  /** Empty: none. */
  secretHeader: string;
  /** The secret that was typed now. A stored secret cannot be read back. */
  secret: string;
  /** The only origin that the stored secret is sent to; null when there is none. */
  secretOrigin: string | null;
  everyHours: number | null;
  onStart: boolean;
}

export const NEW_DRAFT: Draft = {
  id: null,
  place: 'url',
  where: '',
  name: '',
  format: null,
  mapping: null,
  charset: null,
  imageBase: '',
  secretHeader: '',
  secret: '',
  secretOrigin: null,
  everyHours: null,
  onStart: false,
};

/** A draft for a feed, with the settings it was read with. */
export function draftOfFeed({ source: location, format, mapping, charset, imageBase }: FeedRequest): Draft {
  const read = {
    ...NEW_DRAFT,
    format: format ?? null,
    mapping: mapping ? feedMapping.parse(mapping) : null,
    charset: charset ?? null,
    imageBase: imageBase ?? '',
  };
  if (location.kind === 'sample') return NEW_DRAFT;
  if (location.kind === 'url') return { ...read, where: location.url };
  return { ...read, place: format === 'folder' ? 'folder' : 'file', where: location.path };
}

export function draftOf({ location, secretHeader, charset, imageBase, ...saved }: Source): Draft {
  const draft = {
    ...draftOfFeed({ source: location, format: saved.format, charset, imageBase }),
    ...saved,
    secretHeader: secretHeader ?? '',
  };
  return { ...draft, secretOrigin: secretHeader === null ? null : originOf(draft) };
}

const webAddress = z.url({ protocol: /^https?$/ });

/** The location of the feed; null while the text is not a complete address or path. */
export function locationOf({ place, where }: Draft): FeedSource | null {
  const text = where.trim();
  if (place !== 'url') return text === '' ? null : { kind: 'file', path: text };
  const url = completed(text);
  return webAddress.safeParse(url).success ? { kind: 'url', url } : null;
}

/**
 * Adds the scheme to an address without one, such as "shop.example/feed.json": https, except for servers of the own network.
 */
function completed(address: string): string {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(address)) return address;
  if (/^(localhost|\d{1,3}(\.\d{1,3}){3})(:\d+)?(\/|$)/i.test(address)) return `http://${address}`;
  return /^[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)+(:\d+)?([/?]|$)/u.test(address) ? `https://${address}` : address;
}

/** The base URL of pictures, once it is complete. */
export function imageBaseOf({ imageBase }: Draft): string | null {
  return webAddress.safeParse(imageBase.trim()).data ?? null;
}

/** Scheme, host and port of the address; null when there is none. */
export function originOf(draft: Draft): string | null {
  const location = locationOf(draft);
  return location?.kind === 'url' ? new URL(location.url).origin : null;
}

/** What must still be corrected, by field. */
export function draftProblems(draft: Draft): { where?: string; secretHeader?: string } {
  const problems: { where?: string; secretHeader?: string } = {};
  if (!locationOf(draft)) {
    problems.where =
      draft.place === 'url' ? 'An address starts with https:// or http://' : `Choose a ${draft.place}.`;
  }
  const header = draft.secretHeader.trim();
  if (header !== '' && !source.shape.secretHeader.safeParse(header).success) {
    problems.secretHeader = 'A header’s name has only letters, digits and hyphens.';
  } else if (header !== '' && draft.secret === '' && isElsewhere(draft)) {
    problems.secretHeader = `The value was entered for ${draft.secretOrigin}. Enter it again for this address.`;
  }
  return problems;
}

/** Whether the stored secret was entered for another origin than the draft's. */
function isElsewhere(draft: Draft): boolean {
  return draft.secretOrigin !== null && draft.secretOrigin !== originOf(draft);
}

/**
 * The source to save; null while `draftProblems` finds problems.
 * @param taken ids of the existing sources
 * @param proposed the mapping on screen, so that every sync uses the mapping that the person saw
 */
export function sourceOf(
  draft: Draft,
  taken: readonly string[],
  proposed: FeedMapping | null = null,
): Source | null {
  const location = locationOf(draft);
  if (!location || draftProblems(draft).secretHeader !== undefined) return null;
  const name = draft.name.trim() || sourceName(location).slice(0, 80);
  const plain = isPack(location) || draft.place === 'folder';
  const mapping = plain ? null : (draft.mapping ?? proposed);
  const candidate = {
    id: draft.id ?? freeId(name, taken),
    name,
    location,
    format: draft.place === 'folder' ? 'folder' : (draft.format ?? mapping?.format ?? null),
    mapping,
    charset: plain ? null : draft.charset,
    imageBase: plain ? null : imageBaseOf(draft),
    secretHeader: (draft.place === 'url' && draft.secretHeader.trim()) || null,
    everyHours: draft.everyHours,
    onStart: draft.onStart,
  };
  return source.safeParse(candidate).data ?? null;
}

/** An id that can be typed in a terminal: the name in plain letters, with a number when it is taken. */
function freeId(name: string, taken: readonly string[]): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 56)
    .replace(/^-+|-+$/g, '');
  const base = plain || 'source';
  for (let number = 1; ; number++) {
    const id = number === 1 ? base : `${base}-${number}`;
    if (!taken.includes(id)) return id;
  }
}
