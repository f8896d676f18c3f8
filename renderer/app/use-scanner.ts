import { useEffect } from 'react';
import { matchCode } from '../match/query-actions.ts';
import { isTyping } from '../ui/keys.ts';
import { LONGEST_PAUSE_MS, Scan } from './scan.ts';

/** A field as it was before a scanner typed into it. */
interface Before {
  field: HTMLInputElement;
  value: string;
}

/** Whether a scan is not ours: a dialog asks for something, or the field looks for the code itself, as the one on Compare does. */
function isElsewhere({ target }: KeyboardEvent): boolean {
  const inOwnField = target instanceof Element && target.closest('[data-own-scans]') !== null;
  return inOwnField || document.querySelector('[role=dialog]:not(.customer-view)') !== null;
}

/** Finds the product that a barcode scanner reads, wherever the focus is. Its keys do nothing else. */
export function useScanner(): void {
  useEffect(() => {
    const scanner = new Scanner();
    // Before everything else hears the keys.
    window.addEventListener('keydown', scanner.onKey, { capture: true });
    return () => window.removeEventListener('keydown', scanner.onKey, { capture: true });
  }, []);
}

/**
 * Hears all keys. Outside of fields, keys that might be a scanner's wait: digits, which copy SKUs and choose candidates, and
 * whatever follows a key without a pause. A person's are given back after the pause. In a field all keys are typed, and those
 * of a scanner are taken out again.
 */
class Scanner {
  readonly #scan = new Scan();
  /** Keys that wait, in order. */
  #held: KeyboardEvent[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #before: Before | null = null;
  #givesBack = false;

  readonly onKey = (event: KeyboardEvent): void => {
    if (this.#givesBack || event.isComposing) return;
    const isPrintable = event.key.length === 1 && event.key !== ' ';
    if (event.ctrlKey || event.metaKey || event.altKey || isElsewhere(event)) this.#letGo();
    else if (event.key === 'Enter') this.#onEnter(event);
    else if (isPrintable) this.#onPrintable(event);
    // A scanner holds the shift key for a capital letter.
    else if (event.key !== 'Shift') this.#letGo();
  };

  #onPrintable(event: KeyboardEvent): void {
    const count = this.#scan.key(event.key, event.timeStamp);
    const { target } = event;
    if (target instanceof HTMLTextAreaElement || isTyping(target)) {
      if (count === 1)
        this.#before = target instanceof HTMLInputElement ? { field: target, value: target.value } : null;
      return;
    }
    if (count === 1) {
      this.#letGo(false);
      this.#before = null;
      if (!/^\d$/.test(event.key)) return;
    }
    stop(event);
    this.#held.push(event);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#letGo(), LONGEST_PAUSE_MS);
  }

  #onEnter(event: KeyboardEvent): void {
    const code = this.#scan.end(event.timeStamp);
    if (code === null) {
      this.#letGo();
      return;
    }
    stop(event);
    clearTimeout(this.#timer);
    this.#held = [];
    if (this.#before) restore(this.#before);
    this.#before = null;
    matchCode(code);
  }

  /** A person has pressed the keys that wait. */
  #letGo(clears = true): void {
    clearTimeout(this.#timer);
    if (clears) this.#scan.clear();
    this.#givesBack = true;
    try {
      for (const event of this.#held.splice(0)) {
        const { key, code, shiftKey, repeat } = event;
        const again = new KeyboardEvent('keydown', {
          key,
          code,
          shiftKey,
          repeat,
          bubbles: true,
          cancelable: true,
        });
        (document.activeElement ?? document.body).dispatchEvent(again);
      }
    } finally {
      this.#givesBack = false;
    }
  }
}

function stop(event: KeyboardEvent): void {
  event.preventDefault();
  event.stopImmediatePropagation();
}

/** As if the scanner had typed nothing. React hears a change of a field by its event alone. */
function restore({ field, value }: Before): void {
  const { set } = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value') ?? {};
  set?.call(field, value);
  field.dispatchEvent(new Event('input', { bubbles: true }));
}
