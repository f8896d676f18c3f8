import { randomUUID } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { lock } from 'proper-lockfile';
import { cleanUp, retried } from './changes.ts';

/** A lock whose holder was killed is stale after this time. A living holder renews its lock five times as often. */
const STALE_MS = 5000;

/** How a lock was lost: another process holds it now, or the folder no longer exists. */
export type LockLoss = 'taken' | 'gone';

/**
 * A lock on a folder. Its holder can lose it: a process that is held up for longer than five seconds (a suspended laptop, a
 * blocked disk) looks dead to the next process, which then takes the lock over. Losing the lock throws nothing. The holder
 * must check the lock before each step that two processes must not do at once.
 */
export class FolderLock {
  readonly #folder: string;
  readonly #token: string;
  /** Tells the folder from another one that was made in its place. */
  readonly #inode: bigint | null;
  readonly #release: () => Promise<void>;
  #noticed: LockLoss | null = null;

  private constructor(folder: string, inode: bigint | null, token: string, release: () => Promise<void>) {
    this.#folder = folder;
    this.#inode = inode;
    this.#token = token;
    this.#release = release;
  }

  /**
   * Waits for as long as the lock of a killed process takes to become stale.
   * @param folder must exist; the lock is `<folder>.lock` beside it, and `<folder>.owner` says whose it is
   * @returns null when another process holds the lock
   * @throws Error of the file system
   */
  static async acquire(folder: string): Promise<FolderLock | null> {
    const token = randomUUID();
    let taken: FolderLock | null = null;
    // By default proper-lockfile throws outside of any promise when a lock is lost, which would end the process.
    const onCompromised = () => taken?.lose();
    try {
      const release = await lock(folder, {
        stale: STALE_MS,
        update: STALE_MS / 5,
        retries: { retries: 8, factor: 1, minTimeout: STALE_MS / 5 },
        onCompromised,
      });
      // `loss` reads the token back, because proper-lockfile cannot say who holds a lock.
      await retried(() => writeFile(ownerOf(folder), token)).catch(async (error: unknown) => {
        await release();
        throw error;
      });
      taken = new FolderLock(folder, await inodeOf(folder), token, release);
      return taken;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ELOCKED') return null;
      throw error;
    }
  }

  /** The loss that was noticed last, without reading the disk; null when none was noticed. */
  get noticed(): LockLoss | null {
    return this.#noticed;
  }

  /** Reads from disk whether this process still holds the lock. */
  async loss(): Promise<LockLoss | null> {
    if (this.#noticed) return this.#noticed;
    if ((await this.#owner()) !== this.#token) await this.lose();
    else if (await this.#isGone()) this.#noticed = 'gone';
    return this.#noticed;
  }

  /** Releases the lock. A lock that was lost is left to its new owner. */
  async release(): Promise<void> {
    if ((await this.#owner()) === this.#token) await cleanUp(ownerOf(this.#folder));
    // proper-lockfile rejects when the lock no longer exists.
    await this.#release().catch(() => {});
  }

  /** Gives up the lock. From now on `noticed` and `loss` report it as lost. */
  async lose(): Promise<void> {
    this.#noticed ??= 'taken';
    if (await this.#isGone()) this.#noticed = 'gone';
  }

  /** Whether the folder is missing, or was replaced by another one: Lance makes the folder again when it writes. */
  async #isGone(): Promise<boolean> {
    const inode = await inodeOf(this.#folder);
    return inode === null || inode !== this.#inode;
  }

  /** The token of the process that took the lock last; null when the file cannot be read. */
  #owner(): Promise<string | null> {
    return readFile(ownerOf(this.#folder), 'utf8').catch(() => null);
  }
}

const inodeOf = (path: string): Promise<bigint | null> =>
  stat(path, { bigint: true }).then(
    ({ ino }) => ino,
    () => null,
  );

const ownerOf = (folder: string) => `${folder}.owner`;
