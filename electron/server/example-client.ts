// A typed client, to be copied into a program. It needs nothing but Node 20 or later.

/** A product as `find-similar` answers it. */
export interface SimilarProduct {
  variantId: string;
  /** Visual similarity, 0 to 1. */
  score: number;
  /** The same in percent, rounded. */
  similarity: number;
  productName: string;
  color: string | null;
  price: number | null;
  /** Addresses of pictures. They need the token too. */
  mainImage: string;
  hoverImage: string;
  size: string | null;
  sku: string;
  inStock: boolean;
  urlSlug: string | null;
}

type Answer = { success: true; data: SimilarProduct[]; cached: boolean } | { success: false; error: string };

/** How often a request is sent again while the server asks to wait. */
const MOST_TRIES = 5;

/** Asks Lookalike on this machine. */
export class Lookalike {
  readonly #address: string;
  readonly #token: string;

  /** @param address as Settings or `lookalike serve` shows it: http://127.0.0.1:4820 */
  constructor(address: string, token: string) {
    this.#address = address;
    this.#token = token;
  }

  /**
   * The products most like a photo, best first.
   * @param photo the bytes of its file
   * @throws Error with the sentence of the server
   */
  async findSimilar(
    photo: Uint8Array,
    { topK = 12, scoreThreshold = 0.15 }: { topK?: number; scoreThreshold?: number } = {},
  ): Promise<SimilarProduct[]> {
    const image = Buffer.from(photo).toString('base64');
    const body = JSON.stringify({ image, topK, scoreThreshold });
    const answer = await this.#send('/api/image-search/find-similar', body);
    const told: Answer = await answer.json();
    if (!told.success) throw new Error(told.error);
    return told.data;
  }

  /** A picture of a product, as WebP. */
  async picture(address: string): Promise<Uint8Array> {
    const answer = await fetch(address, { headers: { authorization: `Bearer ${this.#token}` } });
    if (!answer.ok) throw new Error(`The picture was not answered (${answer.status}).`);
    return new Uint8Array(await answer.arrayBuffer());
  }

  /** Waits and tries again when too much is asked at once (429), or while the engine starts (503). */
  async #send(path: string, body: string): Promise<Response> {
    for (let tries = 1; ; tries++) {
      const answer = await fetch(this.#address + path, {
        method: 'POST',
        headers: { authorization: `Bearer ${this.#token}`, 'content-type': 'application/json' },
        body,
      });
      const seconds = Number(answer.headers.get('retry-after'));
      if (!(seconds > 0) || tries === MOST_TRIES) return answer;
      await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    }
  }
}
