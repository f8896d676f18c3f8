import type { ImageContent } from '../catalog/schema.ts';
import { colorSignature } from '../images/color.ts';
import { readForCatalog } from '../images/photo.ts';
import type { Embedder } from '../model/embedder.ts';
import { MadeImages } from './made-images.ts';
import { subjectColorBytes } from './subject-colors.ts';

/** Decodes and embeds the pictures of a sync. A picture that two products show is embedded once. */
export class ImageMaker {
  /** The pictures that were embedded. */
  readonly made = new MadeImages();
  readonly #embedder: Embedder;
  /** Content that was made and is not staged yet, by the picture's hash. */
  readonly #making = new Map<string, Promise<ImageContent>>();

  constructor(embedder: Embedder) {
    this.#embedder = embedder;
  }

  /** @throws LookalikeError IMAGE_*, MODEL_OUTPUT_INVALID */
  make(imageHash: string, bytes: Uint8Array): Promise<ImageContent> {
    const known = this.#making.get(imageHash);
    if (known) return known;
    const making = this.#make(imageHash, bytes);
    this.#making.set(imageHash, making);
    return making;
  }

  /** The content of a picture that was made and is not staged yet; null for any other picture. */
  unwritten(imageHash: string): Promise<ImageContent> | null {
    return this.#making.get(imageHash) ?? null;
  }

  /** Drops the picture's content once it is staged. */
  forget(imageHash: string): void {
    this.#making.delete(imageHash);
  }

  async #make(imageHash: string, bytes: Uint8Array): Promise<ImageContent> {
    const { pixelSpec } = this.#embedder;
    const { vector, thumbnail, color, subjectColors } = await this.#embedder.embedInBulk(async () => {
      const picture = await readForCatalog(bytes, pixelSpec);
      const color = colorSignature(picture.pixels, pixelSpec.size);
      return { ...picture, color, subjectColors: await subjectColorBytes(picture.thumbnail) };
    });
    this.made.add(imageHash, vector);
    return { vector, colorSignature: color, subjectColors, thumbnail };
  }
}
