import type { FaultCode } from '../contract/faults.ts';
import { MOST_PICTURE_BYTES, MOST_PICTURE_PIXELS } from '../contract/limits.ts';
import type { Sentences } from './sentence.ts';

/** What every front says of a picture that cannot be used. */
export const pictures = {
  IMAGE_TOO_LARGE: () =>
    `This picture is too large. The limits are ${MOST_PICTURE_BYTES / 1e6} MB and ${MOST_PICTURE_PIXELS / 1e6} megapixels.`,
  IMAGE_TOO_SLOW: () => 'This picture took more than 10 seconds to read and was given up.',
} satisfies Partial<Sentences<FaultCode>>;
