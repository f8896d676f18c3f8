/**
 * Colour signatures (`COLOR_SIGNATURE_LENGTH` numbers from 0 to 1) as bytes, in 255ths: a quarter of the memory, and
 * similarities within 0.01 of the exact ones.
 */
export function toColorBytes(signatures: Float32Array): Uint8Array {
  return Uint8Array.from(signatures, (value) => Math.min(255, Math.max(0, Math.round(value * 255))));
}

/**
 * How alike the colours of two images are: 1 for the same, 0 for none in common.
 * @param query a signature as `images/color.ts` makes it, or as bytes
 * @param image a signature as bytes
 */
export function colorSimilarity(query: Float32Array | Uint8Array, image: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < image.length; i++) sum += (query[i] ?? 0) * (image[i] ?? 0);
  return sum / (query instanceof Uint8Array ? 255 * 255 : 255);
}
