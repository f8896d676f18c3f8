/** The assembled dot-scan.wat. */
export const DOT_SCAN_WASM = Buffer.from(
  'AGFzbQEAAAABDAFgCH9/f39/fX19AAMCAQAFBgEBAICABAcRAgZtZW1vcnkCAARzY2FuAAAK6gEB5wECA38DewJAA0AgA0UNASABIQj9DAAAAAAAAAAAAAAAAAAAAAAhDP0MAAAAAAAAAAAAAAAAAAAAACENIAAhCSACIQoDQCAB/QAEECELIAwgC/2HASAJ/QAEAP26Af2uASEMIA0gC/2IASAJ/QAEEP26Af2uASENIAFBEGohASAJQSBqIQkgCkEQayEKIAoNAAsgDCAN/a4B/foBIQwgBCAM/R8AIAz9HwGSIAz9HwIgDP0fA5KSIAgqAgCUIAWUIAgqAgQgBpSTIAeTOAIAIARBBGohBCABQRBqIQEgA0EBayEDDAALCws=',
  'base64',
);

/** The module's memory and its only function. Addresses are in bytes; dot-scan.wat describes the other parameters. */
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
}

/**
 * Makes an instance of the module with its own memory.
 * @throws RangeError when so many bytes are not available; the most is 4 GB
 */
export function openDotScan(bytes: number): DotScan {
  const { memory, scan } = new WebAssembly.Instance(new WebAssembly.Module(DOT_SCAN_WASM)).exports;
  if (!(memory instanceof WebAssembly.Memory) || typeof scan !== 'function') {
    throw new TypeError('The module is not the one that dot-scan.wat describes.');
  }
  memory.grow(Math.ceil(bytes / 65_536));
  return { memory, scan: (...parameters) => void scan(...parameters) };
}
