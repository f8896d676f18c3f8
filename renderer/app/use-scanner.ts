import { useEffect } from 'react';
import { flushSync } from 'react-dom';
import { matchCode } from '../match/query-actions.ts';
import { isTyping } from '../ui/keys.ts';
import { LONGEST_PAUSE_MS, Scan } from './scan.ts';

/** A field as it was before a scanner typed into it. */
interface Before {
  field: HTMLInputElement;
  value: string;
}

/** Whether a scan is not ours: the field looks for the code itself, as the one on Compare does. */
const isElsewhere = ({ target }: KeyboardEvent): boolean =>
  target instanceof Element && target.closest('[data-own-scans]') !== null;

/** Dialogs lie upon each other at most so deep. */
const MOST_DIALOGS = 4;

/** Closes what lies over the results, Settings and dialogs, as Esc does. The view for the customer shows the product itself. */
function closeDialogs(): void {
  for (let i = 0; i < MOST_DIALOGS; i++) {
    if (!document.querySelector('[role=dialog][data-state=open]:not(.customer-view)')) return;
    const key = new KeyboardEvent('keydown', { key: 'Escape', code: 'Escape', cancelable: true });
    // At the document, where dialogs hear it and the results, which it would clear, do not.
    flushSync(() => document.dispatchEvent(key));
  }
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
    this.#givesBack = true;
    try {
      closeDialogs();
    } finally {
      this.#givesBack = false;
    }
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
