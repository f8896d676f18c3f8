/** Lightness, green to red, blue to yellow. */
const BINS = { l: 4, a: 8, b: 8 } as const;

/** Half the square of a* and b* that is told apart; sRGB reaches further only in colours that no fabric has. */
const REACH = 80;

/** Colours within this distance (CIE76) of the border's count as background. */
const BACKGROUND_DISTANCE = 18;

/** Every second pixel of every second row says the same about colour. */
const STEP = 2;

/**
 * The colours of a picture's subject: a soft CIELAB histogram, 4 x 8 x 8 bins of L* x a* x b*, each the square root of
 * its share and the whole of unit length, so that the dot product of two is their Bhattacharyya coefficient.
 *
 * @param pixels size x size x 3 sRGB bytes
 * @returns 256 numbers, 0 to 1
 */
export function colorSignature(pixels: Uint8Array, size: number): Float32Array {
  throw new Error(`not yet: ${pixels.length} ${size} ${BINS.l} ${REACH} ${BACKGROUND_DISTANCE} ${STEP}`);
}
