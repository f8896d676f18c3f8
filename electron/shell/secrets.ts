import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { SafeStorage } from 'electron';
import pLimit from 'p-limit';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { LookalikeError } from '../contract/errors.ts';
import type { FaultParams } from '../contract/faults.ts';
import { secretsFile } from '../contract/secrets-file.ts';

/** Where Electron on Linux would encrypt with a key that is in its source, or does not know with which. */
const OPEN_BACKENDS = new Set(['basic_text', 'unknown']);

/** What of Electron's `safeStorage` is used. Electron 33, which development may run on, has no asynchronous calls. */
type SecureStorage = Pick<
  SafeStorage,
  'isEncryptionAvailable' | 'getSelectedStorageBackend' | 'encryptString' | 'decryptString'
> &
  Partial<Pick<SafeStorage, 'isAsyncEncryptionAvailable' | 'encryptStringAsync' | 'decryptStringAsync'>>;

/** A secret, and the origin (scheme, host and port) of the address that it was entered for. */
export const secretAt = z.object({ origin: z.string(), value: z.string() });
export type SecretAt = z.infer<typeof secretAt>;

/**
 * The secrets of the sources, encrypted with a key that only this user of this computer can have.
 *
 * The system may ask the person for the key (macOS does after an update whose signature it does not know). Electron's
 * synchronous calls would hold the whole app meanwhile, so the asynchronous ones are used where there are any; they can
 * decrypt what the others have encrypted.
 */
export class Secrets {
  readonly #file: string;
  readonly #storage: SecureStorage;
  readonly #oneAtATime = pLimit(1);

  /** @param file where the ciphertext is kept; made when a secret is first saved. */
  constructor(file: string, storage: SecureStorage) {
    this.#file = file;
    this.#storage = storage;
  }

  /**
   * The secret of a source, for an address of the origin it was entered for; null when it has none.
   * @throws LookalikeError SECRET_UNAVAILABLE when there is one that cannot be decrypted or was entered for somewhere
   * else, or nobody can tell.
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
   * Keeps the secret of a source in place of the one it had; null forgets it.
   * @throws LookalikeError SECRET_UNAVAILABLE where there is no secure storage, SECRET_NOT_SAVED
   */
  save(id: string, secret: SecretAt | null): Promise<void> {
    return this.#oneAtATime(async () => {
      // What is in a damaged file is lost already; it must not keep a new secret from being saved.
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
      await writeFileAtomic(this.#file, JSON.stringify(Object.fromEntries(kept)), { mode: 0o600 });
    } catch (cause) {
      throw new LookalikeError('SECRET_NOT_SAVED', { cause });
    }
  }
}

function unavailable(params: FaultParams['SECRET_UNAVAILABLE'], cause?: unknown): LookalikeError {
  return new LookalikeError({ code: 'SECRET_UNAVAILABLE', params }, { cause });
}
