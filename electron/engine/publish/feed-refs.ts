import { resolve } from 'node:path';
import { LookalikeError } from '../../contract/errors.ts';
import { type FeedRequest, type FeedSource, feedRequest, type Source } from '../../contract/publishing.ts';
import { isUrl } from '../feed/resource.ts';
import { splitCredentials } from '../net/credentials.ts';
import type { FeedRef } from '../sync/request.ts';
import type { Sources } from './sources.ts';

export interface FeedRefsOptions {
  /** Where the sample catalog's feed is. */
  sampleFeed: string;
  /** The value of a saved source's secret header, for the origin that it would be sent to. */
  secretOf: (sourceId: string, origin: string) => Promise<string | null>;
}

/** Resolves a request into the address to read, with the name, the secrets and the settings of its saved source. */
export class FeedRefs {
  readonly #sources: Sources;
  readonly #options: FeedRefsOptions;

  constructor(sources: Sources, options: FeedRefsOptions) {
    this.#sources = sources;
    this.#options = options;
  }

  /** @throws LookalikeError SECRET_UNAVAILABLE, and when the saved sources cannot be read */
  async resolve(request: FeedRequest): Promise<FeedRef> {
    const { source, format, mapping, charset, imageBase, sourceId } = feedRequest.parse(request);
    const { url: ref, headers } = this.locate(source);
    // A list of sources that cannot be read fails here, so that no request goes out without its secret.
    const saved =
      sourceId === null
        ? null
        : (this.#sources.list().find((entry) => entry.source.id === sourceId)?.source ?? null);
    const secret = saved && (await this.#secret(saved, ref));
    return {
      ref,
      sourceId: sourceId ?? '',
      sample: source.kind === 'sample',
      ...(saved && { name: saved.name }),
      ...(format && { format }),
      ...(mapping && { mapping }),
      ...(charset && { charset }),
      ...(imageBase && { imageBase }),
      headers: { ...headers, ...secret },
    };
  }

  /** The secret header for a saved source's server. It is sent only to the origin that it was entered for. */
  async #secret({ id, secretHeader }: Source, ref: string): Promise<Record<string, string>> {
    if (secretHeader === null || !isUrl(ref)) return {};
    const secret = await this.#options.secretOf(id, new URL(ref).origin);
    if (secret === null) {
      throw new LookalikeError({ code: 'SECRET_UNAVAILABLE', params: { reason: 'unreadable' } });
    }
    return { [secretHeader]: secret };
  }

  /** Moves a password from an address to a header, because the address is shown and is kept in snapshots. */
  locate(source: FeedSource): ReturnType<typeof splitCredentials> {
    if (source.kind === 'url') return splitCredentials(source.url);
    const path = source.kind === 'sample' ? this.#options.sampleFeed : resolve(source.path);
    return { url: path, headers: {} };
  }
}
