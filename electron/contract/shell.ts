import type { Fault } from './faults.ts';
import type { SummonSettings } from './summon.ts';

/** A scheme of its own gives the page neither the rights of `file:` nor access to the network. */
export const PAGE_SCHEME = 'lookalike';
export const PAGE_ORIGIN = `${PAGE_SCHEME}://app`;
/** In the page's address when it was reloaded because its process had crashed or hung. */
export const RECOVERED_PARAMETER = 'recovered';

/** `window.lookalike`: the few functions that only the preload script can provide. */
export interface ShellApi {
  /** The path of a picked or dropped file; empty for pasted data. */
  pathForFile(file: File): string;
  /** Asks the shell to start the engine again: after the shell has given up, or while the engine does not answer. */
  restartEngine(): void;
  /**
   * Stores a source's secret (the value of its secret header) in the system's secure storage; null deletes it. The secret is
   * sent only to the origin (scheme, host and port) that it is given for.
   *
   * Resolves to the reason why it was not stored, null when it was. Without secure storage it is not stored, because it must
   * never be in plain text.
   */
  saveSecret(sourceId: string, secret: { origin: string; value: string } | null): Promise<Fault | null>;
  /** Asks the person where to save a file; null when they cancel. */
  chooseSavePath(suggestedName: string): Promise<string | null>;
  /** Asks the person for a folder, of pictures or of a model; null when they cancel. */
  chooseFolder(): Promise<string | null>;
  /**
   * Drags a picture out of the window as a file. Call it when a drag begins.
   * @param name the file's name without its extension
   * @param jpeg the picture
   */
  dragPicture(name: string, jpeg: Uint8Array): void;
  /** The key from anywhere and the tray, and why the key does not work; null when it does. */
  summon(): Promise<{ settings: SummonSettings; fault: Fault | null }>;
  /** Changes both. Resolves to the reason why the key cannot be had, when nothing was changed; null when it was. */
  setSummon(settings: SummonSettings): Promise<Fault | null>;
  readonly platform: string;
}

/** IPC channels between main and preload. */
export const channels = {
  /** A `ShellMessage`. */
  toPage: 'lookalike:to-page',
  /** The page is listening: the shell sends it a port. */
  pageReady: 'lookalike:page-ready',
  restartEngine: 'lookalike:restart-engine',
  saveSecret: 'lookalike:save-secret',
  chooseSavePath: 'lookalike:choose-save-path',
  chooseFolder: 'lookalike:choose-folder',
  dragPicture: 'lookalike:drag-picture',
  summon: 'lookalike:summon',
  setSummon: 'lookalike:set-summon',
} as const;
