import type { Fault, FaultCode } from './faults.ts';
import { MOST_PICTURE_BYTES, MOST_PICTURE_PIXELS } from './limits.ts';

/**
 * Ways in which Lookalike can say no whose sentence is fixed; those that need parameters are in `faults.ts`, which new
 * ones are added to. A code is stable and machine-readable; the message is a whole sentence a shop
 * assistant can act on. Both cross IPC as data (see `contract.ts`), never as a stack trace.
 */
export const ERROR_MESSAGES = {
  IMAGE_UNREADABLE: 'This file could not be read as a picture.',
  IMAGE_UNSUPPORTED: 'This kind of picture is not supported. Save it as JPEG or PNG and try again.',
  IMAGE_TOO_LARGE: `This picture is too large. The limits are ${MOST_PICTURE_BYTES / 1e6} MB and ${MOST_PICTURE_PIXELS / 1e6} megapixels.`,
  IMAGE_TOO_SLOW: 'This picture took more than 10 seconds to read and was given up.',
  IMAGE_MISSING: 'The picture was not found.',
  CROP_INVALID: 'The crop box lies outside the picture.',
  MODEL_MISSING: 'The model is not installed.',
  MODEL_ALTERED: 'A model file is damaged or was changed. Install the model again.',
  MODEL_MISMATCH: 'The model file does not do what its manifest says.',
  MODEL_OUTPUT_INVALID: 'The model gave an unusable answer for this picture.',
  MODEL_UNKNOWN: 'There is no such model.',
  MODEL_UNRECOGNISED: 'No model was recognised here. A model of your own needs a model.json beside it.',
  MODEL_DOWNLOAD_FAILED: 'The model could not be downloaded. What was downloaded is kept; try again.',
  MODEL_UNVERIFIABLE: 'Nothing says which bytes this model should have, so it is not downloaded.',
  MODEL_SPACE: 'The disk has too little space for this model.',
  MODEL_BUSY: 'This model is being installed already.',
  MODEL_IN_USE: 'This model is in use. Use another one first.',
  MODEL_BUILT_IN: 'This model came with the app and cannot be removed.',
  MANIFEST_INVALID: 'The list of models could not be read.',
  FEED_UNREACHABLE: 'The feed could not be reached.',
  FEED_INVALID: 'The feed could not be understood.',
  FEED_TOO_LARGE: 'The feed is too large.',
  ADDRESS_REFUSED:
    "This address is on this machine or in its own network, where only the feed's own host may be.",
  AUTH_REFUSED: 'The server does not let this app in. Check the user name and password or the key.',
  ITEM_INVALID: 'This item is missing something it needs.',
  ITEM_DUPLICATE: 'This id was used before in the same feed.',
  GATE_REMOVALS: 'Too many products would be removed. Nothing was changed.',
  GATE_NOT_FOUND: 'New pictures are not found by themselves. Nothing was changed.',
  SOURCE_UNKNOWN: 'This source is not saved here.',
  SOURCE_INVALID: 'This source cannot be saved as it is.',
  SOURCES_UNREADABLE: 'The list of sources could not be read.',
  SECRET_UNAVAILABLE: 'The password of this source could not be read from secure storage. Enter it again.',
  CATALOG_EMPTY: 'There is no catalog yet. Import one first.',
  CATALOG_BUSY: 'Another import is running on this catalog. Wait for it to finish.',
  CATALOG_UNREADABLE: 'The catalog on disk could not be read.',
  STORAGE_FAILED: 'The disk is full, so nothing more could be written. Make room on it.',
  SNAPSHOT_UNKNOWN: 'This snapshot is no longer kept.',
  PACK_INVALID: 'This catalog pack is damaged or was changed. Get it again; the catalog was left as it was.',
  PACK_MODEL_DIFFERS:
    'This catalog pack was made with another model, so its pictures cannot be compared here.',
  PACK_UNTRUSTED: 'This catalog pack is not signed by anyone this store trusts.',
  PACK_KEY_INVALID: 'This is not an Ed25519 key in PEM form.',
  PRODUCT_UNKNOWN: 'This product is not in the catalog.',
  CANCELLED: 'Cancelled. What was finished is kept.',
  ENGINE_STOPPED: 'The search engine stopped before this was done.',
  INTERNAL: 'Something went wrong inside Lookalike.',
} as const;

export type SentenceCode = keyof typeof ERROR_MESSAGES;
export type ErrorCode = SentenceCode | FaultCode;

/** An expected failure: a code, what its sentence needs, and the item (file, product, URL) it is about. */
export class LookalikeError extends Error {
  readonly code: ErrorCode;
  readonly item: string | undefined;
  /** The parameters of the sentence, for a code of `faults.ts`; null for one whose sentence is the message. */
  readonly fault: Fault | null;

  /**
   * @param what a fault; its sentence is made where it is shown. Or a code of `ERROR_MESSAGES`.
   * @param options.detail a sentence that says more than the code's own, in the user's terms
   *
   * @example
   * throw new LookalikeError({ code: 'FEED_EMPTY', params: { reasons } }, { item: url });
   */
  constructor(what: SentenceCode | Fault, options: { detail?: string; item?: string; cause?: unknown } = {}) {
    const fault = typeof what === 'string' ? null : what;
    const code = typeof what === 'string' ? what : what.code;
    super(typeof what === 'string' ? (options.detail ?? ERROR_MESSAGES[what]) : what.code, {
      cause: options.cause,
    });
    this.name = 'LookalikeError';
    this.code = code;
    this.fault = fault;
    this.item = options.item;
  }
}
