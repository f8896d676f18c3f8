import { colorName } from '../../images/color-name.ts';

/** The name of the colour that a picture shows, by its signatures as bytes. */
export function seenColor({ picture, subject }: { picture: Uint8Array; subject: Uint8Array | null }): string {
  return colorName(Float32Array.from(subject ?? picture, (byte) => byte / 255));
}
