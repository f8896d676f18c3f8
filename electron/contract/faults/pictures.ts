import { z } from 'zod';

/** Faults of a picture. */
export const pictures = {
  IMAGE_UNREADABLE: z.discriminatedUnion('reason', [
    z.object({ reason: z.literal('empty') }),
    z.object({ reason: z.literal('not-a-picture') }),
    /** An incomplete picture of this format (JPEG, HEIC). */
    z.object({ reason: z.literal('damaged'), format: z.string() }),
    /** The file could not be opened. */
    z.object({ reason: z.literal('not-opened') }),
  ]),
  IMAGE_UNSUPPORTED: z.object({
    /** The kind of file. */
    kind: z.enum([
      'pdf',
      'zip',
      'icon',
      'video',
      'web-page',
      'svg',
      'bmp',
      'photoshop',
      'jpeg-xl',
      'jpeg-2000',
    ]),
  }),
  CROP_INVALID: z.object({ reason: z.enum(['outside', 'not-four-numbers']) }),
} as const;

export type UnsupportedKind = z.infer<typeof pictures.IMAGE_UNSUPPORTED>['kind'];
