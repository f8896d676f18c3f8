import { randomUUID } from 'node:crypto';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { lock } from 'proper-lockfile';

/** A lock whose holder was killed is stale after this; its holder renews it five times as often. */
const STALE_MS = 5000;

/** How a lock was lost: another process holds it now, or the folder itself is gone. */
export type LockLoss = 'taken' | 'gone';

/**
 * A lock on a folder, which its holder can lose: a process that is held up for longer than five seconds (a suspended
 * laptop, a blocked disk) looks dead to the next one, which then takes the lock over. Nothing is thrown when that
 * happens. The holder asks before each step that two processes must not do at once.
 */
export class FolderLock {
  readonly #folder: string;
  readonly #token: string;
  /** Tells the folder from one that was made in its place. */
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
    // proper-lockfile's own answer to a lost lock is to throw outside of any promise, which would end the process.
    const onCompromised = () => taken?.lose();
    try {
      const release = await lock(folder, {
        stale: STALE_MS,
        update: STALE_MS / 5,
        retries: { retries: 8, factor: 1, minTimeout: STALE_MS / 5 },
        onCompromised,
      });
      // Read back by `loss`: proper-lockfile itself cannot say who holds a lock.
      await writeFile(ownerOf(folder), token).catch(async (error: unknown) => {
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

  /** The loss that was noticed last, at once and without looking; null while none was. */
  get noticed(): LockLoss | null {
    return this.#noticed;
  }

  /** Looks on disk whether the lock is still this process's. */
  async loss(): Promise<LockLoss | null> {
    if (this.#noticed) return this.#noticed;
    if ((await this.#owner()) !== this.#token) await this.lose();
    else if (await this.#isGone()) this.#noticed = 'gone';
    return this.#noticed;
  }

  /** Lets the next process in. A lock that was lost is left to its new owner. */
  async release(): Promise<void> {
    if ((await this.#owner()) === this.#token) await rm(ownerOf(this.#folder), { force: true });
    // Rejects when the lock is not there any more.
    await this.#release().catch(() => {});
  }

  /** Gives up the lock: whoever asks is told from now on that it is lost. */
  async lose(): Promise<void> {
    this.#noticed ??= 'taken';
    if (await this.#isGone()) this.#noticed = 'gone';
  }

  /** The folder is not there, or another one is: Lance makes it again when it writes. */
  async #isGone(): Promise<boolean> {
    const inode = await inodeOf(this.#folder);
    return inode === null || inode !== this.#inode;
  }

  /** The token of whoever took the lock last; null when nobody can be told. */
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
