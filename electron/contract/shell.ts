import type { Fault } from './faults.ts';

/** A scheme of our own has neither the reach of `file:` nor that of the network. */
export const PAGE_SCHEME = 'lookalike';
export const PAGE_ORIGIN = `${PAGE_SCHEME}://app`;
/** In the page's address when it was loaded again because its process had died or hung. */
export const RECOVERED_PARAMETER = 'recovered';

/** `window.lookalike`: the few things only the preload can do. */
export interface ShellApi {
  /** The path of a picked or dropped file; empty for pasted data. */
  pathForFile(file: File): string;
  /** Asks the shell to start the engine again: after it has given up, or while the engine does not answer. */
  restartEngine(): void;
  /**
   * Keeps a source's secret (the value of its secret header) in the system's secure storage; null forgets it. It is
   * only ever sent to the origin (scheme, host and port) it is given for.
   * Answers with why it was not kept, null when it was. Where there is no secure storage it is not: it is never kept as
   * plain text.
   */
  saveSecret(sourceId: string, secret: { origin: string; value: string } | null): Promise<Fault | null>;
  /** Asks where to save a file; null when that is cancelled. */
  chooseSavePath(suggestedName: string): Promise<string | null>;
  /** Asks for a folder, of pictures or of a model; null when that is cancelled. */
  chooseFolder(): Promise<string | null>;
  readonly platform: string;
}

/** IPC channels between main and preload. */
export const channels = {
  /** A `ShellMessage`. */
  toPage: 'lookalike:to-page',
  /** The page is listening: send it a port. */
  pageReady: 'lookalike:page-ready',
  restartEngine: 'lookalike:restart-engine',
  saveSecret: 'lookalike:save-secret',
  chooseSavePath: 'lookalike:choose-save-path',
  chooseFolder: 'lookalike:choose-folder',
} as const;
