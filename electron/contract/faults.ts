import { z } from 'zod';
import { catalog } from './faults/catalog.ts';
import { comparisons } from './faults/comparisons.ts';
import { feeds } from './faults/feeds.ts';
import { models } from './faults/models.ts';
import { network } from './faults/network.ts';
import { pictures } from './faults/pictures.ts';
import { plain } from './faults/plain.ts';
import { serving } from './faults/serving.ts';

/**
 * Faults as data: for each code, the parameters of the sentence for people. The engine makes no sentences. Sentences that
 * are the same in the window and in the terminal are in `electron/sentences/`. Those that depend on where the person is are
 * in `renderer/ui/sentences.ts` for the window and in `electron/cli/sentences.ts` for the terminal. So a sentence can name
 * the screens or commands that the person has, and all sentences can be translated.
 *
 * Codes are stable, because programs read them. To add a fault, add an entry here, and the sentences that the compiler then
 * asks for.
 */
const params = {
  ...plain,
  ...pictures,
  ...network,
  ...models,
  ...catalog,
  ...comparisons,
  ...feeds,
  ...serving,

  /** An unexpected error. `said`: the exception's message, for bug reports. */
  INTERNAL: z.object({ said: z.string().nullable() }),

  /** Why the engine's process ended. */
  ENGINE_DIED: z.discriminatedUnion('reason', [
    /** It did not answer, and was killed. */
    z.object({ reason: z.literal('silent') }),
    /** It ended without a message; `exitCode` is the process's. */
    z.object({ reason: z.literal('without-word'), exitCode: z.number().int() }),
    /** `said`: the message of an uncaught exception. */
    z.object({ reason: z.literal('exception'), said: z.string() }),
  ]),

  /** The address of a picture is not on the internet. */
  PICTURE_ADDRESS_PRIVATE: z.object({ host: z.string() }),
  /** The published snapshot cannot be read, so the previous one answers. */
  SNAPSHOT_NOT_READ: z.object({
    /** Null when the version is unknown too. */
    version: z.number().int().nullable(),
    /** The snapshot that answers. */
    answering: z.object({ name: z.string(), publishedAt: z.iso.datetime() }),
  }),
  /** `kind`: SOCKS5 or the like; `proxy`: its host:port. */
  PROXY_UNSUPPORTED: z.object({ kind: z.string(), proxy: z.string() }),
  /** `setting`: the environment variable whose value is not a proxy's address. */
  PROXY_SETTING_INVALID: z.object({ setting: z.string() }),
  /** The system did not tell whether a proxy is needed for this host. */
  PROXY_SETTINGS_UNKNOWN: z.object({ host: z.string() }),

  /**
   * The published snapshot is damaged. `answering` is the older snapshot that answers instead; null when none is intact, and
   * nothing can be searched.
   */
  CATALOG_DAMAGED: z.object({
    answering: z.object({ name: z.string(), publishedAt: z.string() }).nullable(),
    /** The number of damaged files, and the first of them, relative to the catalog's folder. */
    files: z.number().int(),
    example: z.string(),
  }),
  /** The catalog was written by a later version of the app. */
  CATALOG_TOO_NEW: z.object({ version: z.number().int(), known: z.number().int() }),
  /** The catalog of an earlier version of the app cannot be migrated for lack of disk space. In bytes. */
  CATALOG_NEEDS_SPACE: z.object({ needed: z.number(), free: z.number() }),
  /** Files with thumbnails are damaged: all products are found, but some are shown without their picture. */
  CATALOG_PICTURES_DAMAGED: z.object({ files: z.number().int(), example: z.string() }),
  /** Pictures that the model in use has not embedded yet. Products with only such pictures are not found. */
  CATALOG_PICTURES_UNSEEN: z.object({ pictures: z.number().int() }),
  /** Files that the live snapshot does not need are damaged: some older snapshots cannot be rolled back to. */
  SNAPSHOTS_DAMAGED: z.object({ snapshots: z.number().int(), files: z.number().int(), example: z.string() }),
  /** The table of a model that is not in use is damaged. */
  OTHER_CATALOG_DAMAGED: z.object({ modelId: z.string(), example: z.string() }),
  /** Damaged files were taken out of the catalog and are kept in this folder. */
  CATALOG_SET_ASIDE: z.object({ folder: z.string(), bytes: z.number().int(), files: z.number().int() }),
  /** A small file of the data folder is damaged. `kept` is its new name; null when it stayed where it was. */
  FILE_DAMAGED: z.object({
    file: z.string(),
    of: z.enum([
      'model choice',
      'providers',
      'sources',
      'sync',
      'models',
      'integrity',
      'model',
      'model notes',
      'model settings',
      'secrets',
      'server',
      'feedback',
      'use',
      'photos',
    ]),
    kept: z.string().nullable(),
  }),

  /** The catalog cannot be kept in this folder; the item is its path. */
  DATA_FOLDER_UNUSABLE: z.discriminatedUnion('reason', [
    /** It lies on another computer. */
    z.object({ reason: z.literal('network') }),
    /** Its drive has no hard links, as exFAT and FAT. */
    z.object({ reason: z.literal('no-links') }),
    /** Its path is longer than `most` characters. */
    z.object({ reason: z.literal('long'), most: z.number().int() }),
  ]),

  /** A write failed for another reason than space or permission; `reason` is the system's message. */
  STORAGE_BROKEN: z.object({ reason: z.string() }),
} as const;

export type FaultCode = keyof typeof params;
export type FaultParams = { [Code in FaultCode]: z.infer<(typeof params)[Code]> };
/** A code of a fault without parameters. */
export type PlainCode = {
  [Code in FaultCode]: FaultParams[Code] extends Record<string, never> ? Code : never;
}[FaultCode];
/** One fault: `{ code, params }`. Errors carry one, and the status's notices are faults. */
export type Fault = { [Code in FaultCode]: { code: Code; params: FaultParams[Code] } }[FaultCode];

export const FAULT_CODES = Object.keys(params).filter(isFaultCode);

function isFaultCode(code: string): code is FaultCode {
  return Object.hasOwn(params, code);
}

/** Parses a fault from a port or from disk. */
export const fault = z.custom<Fault>((value) => {
  const head = z.object({ code: z.string(), params: z.unknown() }).safeParse(value);
  return (
    head.success && isFaultCode(head.data.code) && params[head.data.code].safeParse(head.data.params).success
  );
});

/** Makes a fault without parameters. */
export function plainFault(code: PlainCode): Fault {
  return fault.parse({ code, params: {} });
}
