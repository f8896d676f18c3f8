import { z } from 'zod';

const none = z.object({});

/** Faults whose sentence needs only the code. `LookalikeError` accepts such a code alone. */
export const plain = {
  IMAGE_TOO_LARGE: none,
  IMAGE_TOO_SLOW: none,
  MODEL_OUTPUT_INVALID: none,
  /** A download is refused when neither the app nor the server gives the file's hash. */
  MODEL_UNVERIFIABLE: none,
  MODEL_BUSY: none,
  MODEL_IN_USE: none,
  MODEL_BUILT_IN: none,
  SOURCE_UNKNOWN: none,
  SOURCES_UNREADABLE: none,
  CATALOG_EMPTY: none,
  CATALOG_UNREADABLE: none,
  /** Another process took over the lock of a writer that was held up, and may have published since. */
  CATALOG_LOCK_LOST: none,
  /** The catalog's folder was deleted during a write. */
  CATALOG_FOLDER_GONE: none,
  SNAPSHOT_UNKNOWN: none,
  /** The list of snapshots is damaged: their names come from another file. */
  SNAPSHOT_LIST_DAMAGED: none,
  /** The full-text index is damaged; searching by photo works without it. */
  WORDS_INDEX_DAMAGED: none,
  /** The disk is full. */
  STORAGE_FAILED: none,
  /** Permissions, or a read-only disk. */
  STORAGE_FORBIDDEN: none,
  /** Another program kept it open for longer than was waited for. */
  STORAGE_HELD: none,
  /** The folder that a file is to be saved in does not exist. */
  STORAGE_FOLDER_MISSING: none,
  PACK_UNTRUSTED: none,
  PACK_KEY_INVALID: none,
  PRODUCT_UNKNOWN: none,
  /** A program adds a product without a picture. */
  PRODUCT_WITHOUT_PICTURE: none,
  CANCELLED: none,
  ENGINE_STOPPED: none,
} as const;
