import { LRUCache } from 'lru-cache';
import { useCallback, useSyncExternalStore } from 'react';
import { asLookalikeError, engineState } from './client.ts';

interface Options<K, V> {
  /** The most values that are kept: many times what any window shows at once, so that none on screen is given up. */
  most: number;
  /** Keys per call. */
  batch: number;
  /** Asks the engine. Keys that it has nothing for are left out of the answer. */
  fetch: (keys: K[]) => Promise<Iterable<readonly [K, V]>>;
  /** Called with a value that is given up or replaced. */
  dispose?: (value: V) => void;
}

/**
 * Values of the engine by key, requested while they are on screen: in batches, one call at a time. What was scrolled past
 * before its batch is not requested. They are kept as long as there is room, the last used ones longest.
 */
export class OnDemand<K extends NonNullable<unknown>, V extends NonNullable<unknown>> {
  readonly #options: Options<K, V>;
  readonly #kept: LRUCache<K, V>;
  readonly #wanted = new Map<K, Set<() => void>>();
  /** What the engine has nothing for. */
  readonly #absent = new Set<K>();
  /** Values on screen that may have changed. */
  readonly #stale = new Set<K>();
  /** Values that came another way during a call: its own are older. */
  readonly #newer = new Set<K>();
  #fetching = false;

  constructor(options: Options<K, V>) {
    this.#options = options;
    const { most, dispose } = options;
    this.#kept = new LRUCache<K, V>({ max: most, ...(dispose && { dispose }) });
  }

  get(key: K): V | undefined {
    return this.#kept.get(key);
  }

  /** Keeps a value that came another way, and tells what shows it. */
  keep(key: K, value: V): void {
    if (this.#fetching) this.#newer.add(key);
    this.#put(key, value);
  }

  #put(key: K, value: V): void {
    this.#kept.set(key, value);
    this.#stale.delete(key);
    this.tell(key);
  }

  /** Tells what shows a value that it may look different now. */
  tell(key: K): void {
    for (const notify of this.#wanted.get(key) ?? []) notify();
  }

  /**
   * Requests a value that is not there. `notify` is called when it is.
   * @returns a function that cancels the request
   */
  want(key: K, notify: () => void): () => void {
    const listeners = this.#wanted.get(key) ?? new Set();
    this.#wanted.set(key, listeners.add(notify));
    // By the next task, everything on screen has requested its values.
    if (!this.#kept.has(key)) setTimeout(() => this.#fetchMissing());
    return () => {
      listeners.delete(notify);
      if (listeners.size === 0) this.#wanted.delete(key);
    };
  }

  /** Requests again what is on screen and missing. */
  retry(): void {
    this.#absent.clear();
    void this.#fetchMissing();
  }

  /** Requests again the values that may have changed. Those on screen are shown until the new ones are there. */
  renew(changed: (value: V) => boolean): void {
    for (const [key, value] of this.#kept.entries()) {
      if (!changed(value)) continue;
      if (this.#wanted.has(key)) this.#stale.add(key);
      else this.#kept.delete(key);
    }
    this.retry();
  }

  clear(): void {
    this.#kept.clear();
    this.#wanted.clear();
  }

  #missing(): K[] {
    const keys: K[] = [];
    for (const key of this.#wanted.keys()) {
      if ((!this.#kept.has(key) || this.#stale.has(key)) && !this.#absent.has(key)) keys.push(key);
      if (keys.length === this.#options.batch) break;
    }
    return keys;
  }

  async #fetchMissing(): Promise<void> {
    if (this.#fetching) return;
    this.#fetching = true;
    try {
      for (let keys = this.#missing(); keys.length > 0; keys = this.#missing()) {
        // A change that comes while they are read makes them stale again.
        for (const key of keys) this.#stale.delete(key);
        this.#newer.clear();
        for (const [key, value] of await this.#options.fetch(keys)) {
          if (!this.#newer.has(key)) this.#put(key, value);
        }
        for (const key of keys) if (!this.#kept.has(key)) this.#absent.add(key);
      }
    } catch (error) {
      if (asLookalikeError(error).code !== 'ENGINE_STOPPED') console.error('on demand', error);
    } finally {
      this.#fetching = false;
    }
  }
}

/** Requests what is on screen and missing again whenever there is another engine. */
export function retryWithEachEngine(values: { retry: () => void }): () => void {
  return engineState.subscribe((state) => {
    if (state.phase === 'ready') values.retry();
  });
}

/** A value, in a component, which requests it while it is drawn; undefined until it is there. */
export function useOnDemand<K extends NonNullable<unknown>, V extends NonNullable<unknown>>(
  values: OnDemand<K, V>,
  key: K,
): V | undefined {
  const subscribe = useCallback((notify: () => void) => values.want(key, notify), [values, key]);
  return useSyncExternalStore(subscribe, () => values.get(key));
}
