import { LookalikeError } from '../../contract/errors.ts';
import type { Document } from './document.ts';
import type { SourcePicture } from './row.ts';
import { openSource } from './sources/open.ts';
import type { OpenSource } from './sources/source.ts';

/** The sources of a document, each opened when it is needed first. */
export class OpenSources {
  readonly #document: Document;
  readonly #open = new Map<number, Promise<OpenSource>>();

  constructor(document: Document) {
    this.#document = document;
  }

  /** @throws LookalikeError COMPARISON_SOURCE_UNUSABLE */
  at(place: number): Promise<OpenSource> {
    const known = this.#open.get(place);
    if (known) return known;
    const opening = this.#openAt(place);
    this.#open.set(place, opening);
    opening.catch(() => {});
    return opening;
  }

  /**
   * The bytes of a picture.
   * @throws LookalikeError COMPARISON_SOURCE_UNUSABLE when all of its source is gone, and those of `OpenSource.read`
   */
  async read(picture: SourcePicture | undefined, signal: AbortSignal): Promise<Uint8Array> {
    if (!picture || !this.#document.state.sources[picture.source]) {
      const params = { at: picture?.at ?? '', reason: { kind: 'no-reference' }, proxy: null } as const;
      throw new LookalikeError({ code: 'IMAGE_MISSING', params });
    }
    const source = await this.at(picture.source);
    try {
      return await source.read(picture.at, signal);
    } catch (error) {
      if (error instanceof LookalikeError && error.code === 'IMAGE_MISSING') await source.require();
      throw error;
    }
  }

  close(): void {
    for (const opening of this.#open.values())
      opening.then(
        (source) => source.close(),
        () => {},
      );
  }

  async #openAt(place: number): Promise<OpenSource> {
    const source = this.#document.state.sources[place];
    if (!source) throw new Error(`There is no source ${place}.`);
    return openSource(source, async (index) => {
      const picture = source.kind === 'pasted' ? source.pictures[index] : undefined;
      return picture ? this.#document.picture(picture.at) : null;
    });
  }
}
