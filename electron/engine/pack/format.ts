import { z } from 'zod';
import { snapshot, thumbnailId } from '../../contract/catalog.ts';
import { calibrationRecord } from '../files/calibrations.ts';

/**
 * A catalog pack is a ZIP of stored (uncompressed) entries: the image rows in parts, each an Arrow IPC stream of at most 256
 * rows; `manifest.json`, with the size and hash of each part; and, in a signed pack, `manifest.sig`.
 */
export const MANIFEST = 'manifest.json';
/** Ed25519 over the bytes of `manifest.json`, 64 bytes. */
export const SIGNATURE = 'manifest.sig';
export const ROWS_A_PART = 256;

/**
 * What a reader accepts. The limits are far above what a shop needs; they keep a forged pack from taking unlimited memory or
 * time.
 */
export const LIMITS = {
  images: 1_000_000,
  /** A part is read into memory as a whole. 256 rows with thumbnails of 8 KB are 3 MB. */
  partBytes: 64_000_000,
  manifestBytes: 2_000_000,
  /** A picture of 320 x 320 that does not compress at all. */
  thumbnailBytes: 200_000,
} as const;

/** The model whose vectors a pack holds: the same id, and the same weights to the byte. */
export interface PackModel {
  id: string;
  dim: number;
  /** sha256 of the model's file, hex. */
  sha256: string;
}

const sha256 = thumbnailId;

/** Parsed first, to tell a pack from other files and from packs of a later format. */
export const manifestHead = z.object({ format: z.literal('lookalike-pack'), formatVersion: z.number() });
/** From this version on, a picture that several rows show is in the pack once, with the first of these rows. */
export const SHARED_PICTURES = 3;
/** From this version on, a pack has the colours of the pictures' subjects. */
export const SUBJECTS = 4;
/**
 * Version 1 lacks the columns of `catalog/version-1.ts`; versions 1 and 2 have a picture with every row; versions 1 to 3 lack
 * the colours of subjects. All are still read.
 */
export const FORMAT_VERSION = 4;
export const READ_VERSIONS: readonly number[] = [1, 2, 3, FORMAT_VERSION];

export const manifest = manifestHead.extend({
  created: z.iso.datetime(),
  model: z.object({ id: z.string(), dim: z.number().int().positive(), sha256 }),
  snapshot: snapshot.omit({ version: true }),
  parts: z
    .array(
      z.object({
        name: z.string().regex(/^images\/\d{5}\.arrow$/),
        rows: z.number().int().min(1).max(ROWS_A_PART),
        bytes: z.number().int().min(1).max(LIMITS.partBytes),
        sha256,
      }),
    )
    .min(1)
    .max(LIMITS.images / ROWS_A_PART),
  /** How answers of this catalog are ranked, as it was measured where it was published. What is not understood is measured again. */
  calibration: calibrationRecord.optional().catch(undefined),
});
export type PackManifest = z.infer<typeof manifest>;
export type PackPart = PackManifest['parts'][number];

export const partName = (index: number): string => `images/${String(index).padStart(5, '0')}.arrow`;
