import { z } from 'zod';
import { catalog } from './faults/catalog.ts';
import { feeds } from './faults/feeds.ts';
import { models } from './faults/models.ts';
import { network } from './faults/network.ts';
import { pictures } from './faults/pictures.ts';
import { plain } from './faults/plain.ts';

/**
 * What went wrong, as data: by code, the parameters that the sentence for people needs. The engine makes no sentence.
 * What every front says alike is in `electron/sentences/`; what depends on where the person is, the window says in
 * `renderer/ui/sentences.ts` and the terminal in `electron/cli/sentences.ts`. So a sentence can name what the person has
 * at hand, and all of them can be translated.
 *
 * Codes are stable: programs read them. To add one: an entry here, and the sentence that the compiler then asks for.
 */
const params = {
  ...plain,
  ...pictures,
  ...network,
  ...models,
  ...catalog,
  ...feeds,

  /** Nobody expected this; `said`: what the exception says, for whoever reads the report. */
  INTERNAL: z.object({ said: z.string().nullable() }),

  /** Why the engine's process ended. */
  ENGINE_DIED: z.discriminatedUnion('reason', [
    /** It did not answer, and was ended. */
    z.object({ reason: z.literal('silent') }),
    /** It ended and said nothing; `exitCode` is the process's. */
    z.object({ reason: z.literal('without-word'), exitCode: z.number().int() }),
    /** `said`: what the exception says that nobody caught. */
    z.object({ reason: z.literal('exception'), said: z.string() }),
  ]),

  /** A picture was asked for by an address that is not of the internet. */
  PICTURE_ADDRESS_PRIVATE: z.object({ host: z.string() }),
  /** What is published cannot be read, and the snapshot before it goes on answering. */
  SNAPSHOT_NOT_READ: z.object({
    /** Null when not even that is known. */
    version: z.number().int().nullable(),
    /** Of the snapshot that answers. */
    answering: z.object({ name: z.string(), publishedAt: z.iso.datetime() }),
  }),
  /** `kind`: SOCKS5 or the like; `proxy`: its host:port. */
  PROXY_UNSUPPORTED: z.object({ kind: z.string(), proxy: z.string() }),
  /** `setting`: the variable of the environment that holds no address of a proxy. */
  PROXY_SETTING_INVALID: z.object({ setting: z.string() }),
  /** The system did not say whether a proxy is needed for this host. */
  PROXY_SETTINGS_UNKNOWN: z.object({ host: z.string() }),

  /**
   * What was published last is damaged. `answering` is the older snapshot that answers in its place; null when none is
   * whole, and nothing can be searched.
   */
  CATALOG_DAMAGED: z.object({
    answering: z.object({ name: z.string(), publishedAt: z.string() }).nullable(),
    /** How many files are damaged, and the first of them, below the catalog's folder. */
    files: z.number().int(),
    example: z.string(),
  }),
  /** The catalog was written by a later version of the app. */
  CATALOG_TOO_NEW: z.object({ version: z.number().int(), known: z.number().int() }),
  /** The catalog of an earlier version of the app cannot be brought forward for lack of disk space, in bytes. */
  CATALOG_NEEDS_SPACE: z.object({ needed: z.number(), free: z.number() }),
  /** Files of pictures: everything is found, but some of it is shown without its picture. */
  CATALOG_PICTURES_DAMAGED: z.object({ files: z.number().int(), example: z.string() }),
  /** Pictures that the model in use has not looked at yet: what shows nothing else is not found. */
  CATALOG_PICTURES_UNSEEN: z.object({ pictures: z.number().int() }),
  /** Files are damaged that the live snapshot does not need: some older snapshots cannot be gone back to. */
  SNAPSHOTS_DAMAGED: z.object({ snapshots: z.number().int(), files: z.number().int(), example: z.string() }),
  /** The table of a model that is not in use. */
  OTHER_CATALOG_DAMAGED: z.object({ modelId: z.string(), example: z.string() }),
  /** Damaged files that were taken out of the catalog and are kept. */
  CATALOG_SET_ASIDE: z.object({ folder: z.string(), bytes: z.number().int(), files: z.number().int() }),
  /** A small file of the data folder; `kept` is what it is called now, null when it stayed where it was. */
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
    ]),
    kept: z.string().nullable(),
  }),

  /** A write failed for a reason that is neither space nor permission; `reason` is what the system said. */
  STORAGE_BROKEN: z.object({ reason: z.string() }),
} as const;

export type FaultCode = keyof typeof params;
export type FaultParams = { [Code in FaultCode]: z.infer<(typeof params)[Code]> };
/** A code whose sentence needs no parameters. */
export type PlainCode = {
  [Code in FaultCode]: FaultParams[Code] extends Record<string, never> ? Code : never;
}[FaultCode];
/** One fault: `{ code, params }`. An error carries one, and so does a notice in the status. */
export type Fault = { [Code in FaultCode]: { code: Code; params: FaultParams[Code] } }[FaultCode];

export const FAULT_CODES = Object.keys(params).filter(isFaultCode);

function isFaultCode(code: string): code is FaultCode {
  return Object.hasOwn(params, code);
}

/** Parses a fault that came over a port or from disk. */
export const fault = z.custom<Fault>((value) => {
  const head = z.object({ code: z.string(), params: z.unknown() }).safeParse(value);
  return (
    head.success && isFaultCode(head.data.code) && params[head.data.code].safeParse(head.data.params).success
  );
});

/** The fault of a code that has no parameters. */
export function plainFault(code: PlainCode): Fault {
  return fault.parse({ code, params: {} });
}
