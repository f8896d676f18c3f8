import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { SafeStorage } from 'electron';
import pLimit from 'p-limit';
import { z } from 'zod';
import { LookalikeError } from '../contract/errors.ts';
import type { FaultParams } from '../contract/faults.ts';
import { secretsFile } from '../contract/secrets-file.ts';
import { writeWhole } from '../engine/files/changes.ts';

/** Backends on Linux with which Electron would encrypt with a key from its source code, or does not know the key. */
const OPEN_BACKENDS = new Set(['basic_text', 'unknown']);

/**
 * The part of Electron's `safeStorage` that is used. Electron 33, which development may run on, has no asynchronous calls.
 */
type SecureStorage = Pick<
  SafeStorage,
  'isEncryptionAvailable' | 'getSelectedStorageBackend' | 'encryptString' | 'decryptString'
> &
  Partial<Pick<SafeStorage, 'isAsyncEncryptionAvailable' | 'encryptStringAsync' | 'decryptStringAsync'>>;

/** A secret, and the origin (scheme, host and port) of the address that it was entered for. */
export const secretAt = z.object({ origin: z.string(), value: z.string() });
export type SecretAt = z.infer<typeof secretAt>;

/**
 * The secrets of the sources, encrypted with a key that only this user of this computer has.
 *
 * The system may ask the person for the key (macOS does so after an update with an unknown signature). Electron's
 * synchronous calls would block the whole app meanwhile, so the asynchronous ones are used where they exist. They can
 * decrypt what the synchronous ones have encrypted.
 */
export class Secrets {
  readonly #file: string;
  readonly #storage: SecureStorage;
  readonly #oneAtATime = pLimit(1);

  /** @param file holds the ciphertext; created when a secret is first saved */
  constructor(file: string, storage: SecureStorage) {
    this.#file = file;
    this.#storage = storage;
  }

  /**
   * Reads the secret of a source, for an address with the origin that it was entered for; null when it has none.
   * @throws LookalikeError SECRET_UNAVAILABLE when there is one that cannot be decrypted or was entered for another origin,
   * or when the file cannot be read
   */
  async read(id: string, origin: string): Promise<string | null> {
    const all = await this.#load();
    if (!all) throw unavailable({ reason: 'unreadable' });
    const ciphertext = all.get(id);
    if (ciphertext === undefined) return null;
    await this.#requireSecureStorage();
    const kept = await this.#decrypt(ciphertext);
    if (kept.origin === origin) return kept.value;
    throw unavailable({ reason: 'other-origin', enteredFor: kept.origin, address: origin });
  }

  /**
   * Stores the secret of a source, replacing the previous one; null deletes it.
   * @throws LookalikeError SECRET_UNAVAILABLE without secure storage, SECRET_NOT_SAVED
   */
  save(id: string, secret: SecretAt | null): Promise<void> {
    return this.#oneAtATime(async () => {
      // The secrets of a damaged file are lost already. It must not keep a new secret from being saved.
      const kept = (await this.#load()) ?? new Map<string, string>();
      if (secret === null) kept.delete(id);
      else kept.set(id, await this.#encrypt(secret));
      await this.#write(kept);
    });
  }

  async #encrypt(secret: SecretAt): Promise<string> {
    await this.#requireSecureStorage();
    const text = JSON.stringify(secret);
    try {
      const bytes = await (this.#storage.encryptStringAsync?.(text) ?? this.#storage.encryptString(text));
      return bytes.toString('base64');
    } catch (cause) {
      throw unavailable({ reason: 'no-storage' }, cause);
    }
  }

  async #decrypt(ciphertext: string): Promise<SecretAt> {
    const bytes = Buffer.from(ciphertext, 'base64');
    try {
      const text = this.#storage.decryptStringAsync
        ? (await this.#storage.decryptStringAsync(bytes)).result
        : this.#storage.decryptString(bytes);
      return secretAt.parse(JSON.parse(text));
    } catch (cause) {
      throw unavailable({ reason: 'unreadable' }, cause);
    }
  }

  async #requireSecureStorage(): Promise<void> {
    const isSecure =
      (await (this.#storage.isAsyncEncryptionAvailable?.() ?? this.#storage.isEncryptionAvailable())) &&
      !(process.platform === 'linux' && OPEN_BACKENDS.has(this.#storage.getSelectedStorageBackend()));
    if (!isSecure) throw unavailable({ reason: 'no-storage' });
  }

  /** Null when the file is damaged. */
  async #load(): Promise<Map<string, string> | null> {
    const text = await readFile(this.#file, 'utf8').catch((cause: unknown) => {
      if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return '{}';
      throw unavailable({ reason: 'unreadable' }, cause);
    });
    try {
      return new Map(Object.entries(secretsFile.parse(JSON.parse(text))));
    } catch {
      return null;
    }
  }

  async #write(kept: Map<string, string>): Promise<void> {
    try {
      await mkdir(path.dirname(this.#file), { recursive: true });
      await writeWhole(this.#file, JSON.stringify(Object.fromEntries(kept)), { mode: 0o600 });
    } catch (cause) {
      throw new LookalikeError('SECRET_NOT_SAVED', { cause });
    }
  }
}

function unavailable(params: FaultParams['SECRET_UNAVAILABLE'], cause?: unknown): LookalikeError {
  return new LookalikeError({ code: 'SECRET_UNAVAILABLE', params }, { cause });
}
