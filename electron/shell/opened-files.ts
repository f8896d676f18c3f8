import path from 'node:path';
import { app, type WebContents } from 'electron';
import { channels } from '../contract/shell.ts';
import type { ShellMessage } from '../contract/shell-message.ts';
import { packsAmong } from './pack-arguments.ts';
import { onPageMessage } from './security.ts';

/**
 * Packs that the system asks the app to open, after a double click or a drop on the dock's icon. The page handles them like
 * dropped files. Packs that are opened before there is a page wait for it.
 */
export class OpenedFiles {
  #waiting: string[] = [];
  #page: WebContents | null = null;

  /**
   * Must be called before the app is ready, because macOS may report a file that early.
   * @param onOpen called to bring the app to the front
   */
  constructor(onOpen: () => void) {
    // macOS reports files by an event, the other systems in the program's arguments.
    app.on('open-file', (event, file) => {
      event.preventDefault();
      this.#open([file]);
      onOpen();
    });
    app.on('second-instance', (_event, args, folder) => {
      this.#open(packsAmong(args.slice(1), folder));
      onOpen();
    });
    this.#waiting = packsAmong(process.argv.slice(1), process.cwd());
    onPageMessage(channels.pageReady, (page) => {
      this.#page = page;
      page.once('destroyed', () => {
        if (this.#page === page) this.#page = null;
      });
      this.#open(this.#waiting.splice(0));
    });
  }

  #open(files: readonly string[]): void {
    for (const file of files) {
      const message: ShellMessage = { type: 'lookalike:open-file', path: path.resolve(file) };
      if (this.#page) this.#page.postMessage(channels.toPage, message);
      else this.#waiting.push(file);
    }
  }
}
