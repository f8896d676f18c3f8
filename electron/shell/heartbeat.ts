const TICK_MS = 5_000;
/**
 * Unanswered ticks before a process counts as silent. Its thread may only be busy: loading a full-size model takes one to
 * two seconds, one step of an import 0.2 s, and a shop's machine may be ten times slower than the measured one. A start
 * first reads the program and all native libraries, perhaps through a virus scanner.
 */
const SILENT_AFTER = { start: 12, later: 3 };

/**
 * Pings a process every five seconds, and reports when it stops answering and when it answers again. Ticks are counted
 * rather than time, because no pings are sent while the computer sleeps.
 */
export class Heartbeat {
  readonly #timer: NodeJS.Timeout;
  readonly #onChange: (silent: boolean) => void;
  #silentAfter = SILENT_AFTER.start;
  #unanswered = 0;
  #silent = false;

  /** @param ping sends a ping; the receiver of its answer calls `answered` */
  constructor(ping: () => void, onChange: (silent: boolean) => void) {
    this.#onChange = onChange;
    this.#timer = setInterval(() => this.#tick(ping), TICK_MS);
    ping();
  }

  get silent(): boolean {
    return this.#silent;
  }

  answered(): void {
    this.#silentAfter = SILENT_AFTER.later;
    this.#unanswered = 0;
    this.#become(false);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #tick(ping: () => void): void {
    this.#unanswered++;
    if (this.#unanswered >= this.#silentAfter) this.#become(true);
    ping();
  }

  #become(silent: boolean): void {
    if (silent === this.#silent) return;
    this.#silent = silent;
    this.#onChange(silent);
  }
}
