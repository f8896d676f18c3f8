import { powerSaveBlocker } from 'electron';

/** Keeps the computer from going to sleep while there is work to finish. The screen may turn off. */
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
