import type { IncomingMessage } from 'node:http';
import type { ServerLimits } from './limits.ts';
import { Refusal, tooMany } from './refusal.ts';

/** Reads bodies into memory, and never holds more bytes of them than its limits say. */
export class Bodies {
  readonly #limits: ServerLimits;
  #held = 0;

  constructor(limits: ServerLimits) {
    this.#limits = limits;
  }

  /**
   * Reads the body of a request, and gives it to `use`.
   * @throws Refusal 413, 415, 429
   */
  async with<T>(request: IncomingMessage, use: (body: Buffer<ArrayBuffer>) => Promise<T>): Promise<T> {
    const announced = Number(request.headers['content-length'] ?? 0);
    if (announced > this.#limits.bodyBytes) throw this.#tooLarge();
    const encoding = request.headers['content-encoding'] ?? 'identity';
    // A few kilobytes could unpack to gigabytes.
    if (encoding !== 'identity')
      throw new Refusal(415, 'UNSUPPORTED_MEDIA_TYPE', 'Send the body uncompressed.');
    const held = { bytes: 0 };
    try {
      this.#hold(held, announced);
      return await use(await this.#read(request, held));
    } finally {
      this.#held -= held.bytes;
    }
  }

  async #read(request: IncomingMessage, held: { bytes: number }): Promise<Buffer<ArrayBuffer>> {
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of request) {
      if (!Buffer.isBuffer(chunk)) throw new TypeError('a body that is not bytes');
      length += chunk.length;
      if (length > this.#limits.bodyBytes) throw this.#tooLarge();
      if (length > held.bytes) this.#hold(held, length - held.bytes);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  }

  #hold(held: { bytes: number }, bytes: number): void {
    if (this.#held + bytes > this.#limits.heldBytes) throw tooMany('Too much is being sent at once.');
    held.bytes += bytes;
    this.#held += bytes;
  }

  #tooLarge(): Refusal {
    const most = this.#limits.bodyBytes / 1e6;
    return new Refusal(413, 'PAYLOAD_TOO_LARGE', `The request is larger than ${most} MB.`);
  }
}
