/** dot-scan.wat, assembled. */
export const DOT_SCAN_WASM = Buffer.from(
  'AGFzbQEAAAABDAFgCH9/f39/fX19AAMCAQAFBgEBAICABAcRAgZtZW1vcnkCAARzY2FuAAAK/gEB+wEDA38DewJ9AkADQCADRQ0BIAEhCP0MAAAAAAAAAAAAAAAAAAAAACEM/QwAAAAAAAAAAAAAAAAAAAAAIQ0gACEJIAIhCgNAIAH9AAQQIQsgDCAL/YcBIAn9AAQA/boB/a4BIQwgDSAL/YgBIAn9AAQQ/boB/a4BIQ0gAUEQaiEBIAlBIGohCSAKQRBrIQogCg0ACyAMIA39rgH9+gEhDCAM/R8AIAz9HwGSIAz9HwIgDP0fA5KSIAgqAgCUIAWUIQ4gCCoCBCAGlCAHkiEPIAQgDiAPkzgCACAEIA4gD5I4AgQgBEEIaiEEIAFBEGohASADQQFrIQMMAAsLCw==',
  'base64',
);

/** The module's memory, and its one function; addresses in bytes, the rest as dot-scan.wat says. */
export interface DotScan {
  memory: WebAssembly.Memory;
  scan(
    query: number,
    rows: number,
    length: number,
    count: number,
    bounds: number,
    perScale: number,
    perError: number,
    always: number,
  ): void;
}

/**
 * An instance of the module with a memory of its own.
 * @throws RangeError when that many bytes are not to be had; never more than 4 GB
 */
export function openDotScan(bytes: number): DotScan {
  const { memory, scan } = new WebAssembly.Instance(new WebAssembly.Module(DOT_SCAN_WASM)).exports;
  if (!(memory instanceof WebAssembly.Memory) || typeof scan !== 'function') {
    throw new TypeError('The module is not the one that dot-scan.wat describes.');
  }
  memory.grow(Math.ceil(bytes / 65_536));
  return { memory, scan: (...parameters) => void scan(...parameters) };
}
