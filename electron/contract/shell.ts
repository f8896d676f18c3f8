/** `window.lookalike`: the few things only the preload can do. */
export interface ShellApi {
  /** The path of a picked or dropped file; empty for pasted data. */
  pathForFile(file: File): string;
  /** Asks the shell to start the engine again after it has given up. */
  restartEngine(): void;
  readonly platform: string;
}

/** IPC channels between main and preload. */
export const channels = {
  engine: 'lookalike:engine',
  /** The page is listening: send it a port. */
  pageReady: 'lookalike:page-ready',
  restartEngine: 'lookalike:restart-engine',
} as const;
