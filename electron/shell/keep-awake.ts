import { powerSaveBlocker } from 'electron';

/** Keeps the computer from going to sleep by itself while there is work to finish; the screen may go dark. */
export class KeepAwake {
  #blocker: number | null = null;

  set busy(busy: boolean) {
    if (busy && this.#blocker === null) {
      this.#blocker = powerSaveBlocker.start('prevent-app-suspension');
    } else if (!busy && this.#blocker !== null) {
      powerSaveBlocker.stop(this.#blocker);
      this.#blocker = null;
    }
  }
}
