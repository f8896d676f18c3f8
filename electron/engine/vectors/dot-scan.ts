/** The assembled dot-scan.wat. */
export const DOT_SCAN_WASM = Buffer.from(
  'AGFzbQEAAAABEwJgCH9/f39/fX19AGADf39/AXwDAwIAAQUGAQEAgIAEBxcDBm1lbW9yeQIABHNjYW4AAANkb3QAAQqLAwLnAQIDfwN7AkADQCADRQ0BIAEhCP0MAAAAAAAAAAAAAAAAAAAAACEM/QwAAAAAAAAAAAAAAAAAAAAAIQ0gACEJIAIhCgNAIAH9AAQQIQsgDCAL/YcBIAn9AAQA/boB/a4BIQwgDSAL/YgBIAn9AAQQ/boB/a4BIQ0gAUEQaiEBIAlBIGohCSAKQRBrIQogCg0ACyAMIA39rgH9+gEhDCAEIAz9HwAgDP0fAZIgDP0fAiAM/R8DkpIgCCoCAJQgBZQgCCoCBCAGlJMgB5M4AgAgBEEEaiEEIAFBEGohASADQQFrIQMMAAsLC58BAQR7A0AgAyAB/V0DAP1fIAD9AAQA/fIB/fABIQMgBCAB/V0DCP1fIAD9AAQQ/fIB/fABIQQgBSAB/V0DEP1fIAD9AAQg/fIB/fABIQUgBiAB/V0DGP1fIAD9AAQw/fIB/fABIQYgAUEgaiEBIABBwABqIQAgAkEIayECIAINAAsgAyAE/fABIAUgBv3wAf3wASEDIAP9IQAgA/0hAaAL',
  'base64',
);

/** The module's memory and its functions. Addresses are in bytes; dot-scan.wat describes the other parameters. */
export interface DotScan {
  memory: WebAssembly.Memory;
  scan(
    query: number,
    rows: number,
    length: number,
    count: number,
    least: number,
    perScale: number,
    perError: number,
    always: number,
  ): void;
  dot(query: number, row: number, length: number): number;
}

/**
 * Makes an instance of the module with its own memory.
 * @throws RangeError when so many bytes are not available; the most is 4 GB
 */
export function openDotScan(bytes: number): DotScan {
  const { memory, scan, dot } = new WebAssembly.Instance(new WebAssembly.Module(DOT_SCAN_WASM)).exports;
  if (!(memory instanceof WebAssembly.Memory) || typeof scan !== 'function' || typeof dot !== 'function') {
    throw new TypeError('The module is not the one that dot-scan.wat describes.');
  }
  memory.grow(Math.ceil(bytes / 65_536));
  return {
    memory,
    scan: (...parameters) => void scan(...parameters),
    dot: (...parameters) => Number(dot(...parameters)),
  };
}
