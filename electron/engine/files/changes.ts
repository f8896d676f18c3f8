import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isRunning } from './process-id.ts';

/**
 * How the system says that another program has a file open: Windows lets a virus scanner, the search index or OneDrive
 * keep others from renaming and removing what it reads for a moment (libuv's `MoveFileExW`).
 */
const HELD = new Set(['EPERM', 'EACCES', 'EBUSY', 'ENOTEMPTY']);
/**
 * How Lance says it, with the message of Rust, which on Windows is in the person's language but for the number: 5 is denied,
 * 32 open elsewhere, 33 locked. On Linux and macOS 1 is EPERM and 16 EBUSY, while 5 is a failing disk and 32 a broken pipe.
 */
const SAID_TO_BE_HELD =
  /\bEBUSY\b|Access is denied|used by another process|(?<!Input\/output error |Broken pipe )\(os error (?:1|5|16|32|33)\)/;
/** Milliseconds before each further try: ten seconds in all, which the scan of a large file may take. */
const PAUSES = [10, 20, 50, 100, 200, 400, 800, 1400, 2000, 2500, 2500];
/** What nobody waits for is not worth so long. */
const CLEANING_PAUSES = PAUSES.slice(0, 7);

/** What was still refused after ten seconds: another program has it open, or the person may not change it. */
export class HeldError extends Error {
  override readonly name = 'HeldError';
  /** What is held, where the system says it. */
  readonly path: string | undefined;

  constructor(cause: unknown) {
    const path = cause instanceof Error ? Reflect.get(cause, 'path') : undefined;
    super('held by another program', { cause });
    this.path = typeof path === 'string' ? path : undefined;
  }
}

/**
 * Does what changes files, again and again while another program holds one of them.
 * @throws HeldError; Error of the file system for any other reason, at once
 */
export async function retried<T>(change: () => Promise<T>, pauses: readonly number[] = PAUSES): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await change();
    } catch (cause) {
      if (!(await isHeld(cause))) throw cause;
      const ms = pauses[tries];
      if (ms === undefined) throw new HeldError(cause);
      await pause(ms);
    }
  }
}

/**
 * Moves a file or folder, in one step, to a place on the same disk; a file that is there is replaced.
 * @throws HeldError, Error of the file system
 */
export const rename = (from: string, to: string): Promise<void> => retried(() => fs.rename(from, to));

/**
 * Removes a file, or a folder with all that is in it; nothing where there is none.
 * @throws HeldError, Error of the file system
 */
export const remove = (path: string): Promise<void> => retried(() => removeOnce(path));

/**
 * Removes what is not needed any more. What cannot be removed now stays, which never fails the work that it was left by:
 * somebody cleans up again later. For a second and a half, where `remove` takes ten.
 */
export async function cleanUp(path: string): Promise<void> {
  await retried(() => removeOnce(path), CLEANING_PAUSES).catch((error: unknown) => {
    console.error(`${path} could not be removed and stays for now.`, String(error));
  });
}

const removeOnce = (path: string): Promise<void> => fs.rm(path, { recursive: true, force: true });

/**
 * Writes a file as a whole: whatever happens, a power cut or a full disk, the old one or the new one is at the path. A
 * link is followed, and what is replaced hands its mode on.
 * @param mode of a file that is new
 * @throws HeldError, Error of the file system; what was there before is there still
 */
export async function writeWhole(
  path: string,
  content: string | Uint8Array | AsyncIterable<string | Uint8Array>,
  { mode = 0o666 }: { mode?: number } = {},
): Promise<void> {
  const target = await fs.realpath(path).catch(() => path);
  const before = await fs.stat(target).catch(() => null);
  const unfinished = `${target}.${process.pid}-${randomBytes(6).toString('hex')}.unfinished`;
  try {
    const file = await retried(() => fs.open(unfinished, 'wx', before ? before.mode & 0o777 : mode));
    try {
      // All of it, or an error: a single `write` says nothing when the disk fills up in the middle.
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(unfinished, target);
  } catch (error) {
    await cleanUp(unfinished);
    throw error;
  }
}

/** Older versions of the app named them `<name>.<number>`. */
const UNFINISHED = /\.(\d+)-[\da-f]{12}\.unfinished$|\.(?:json|bin)\.\d+$/;
/** A write under way takes milliseconds, and ten seconds where a file is held. */
const ABANDONED_AFTER_MS = 60_000;

/**
 * Removes what writes that were killed have left in a folder: those of processes that are gone, and any that is so old
 * that nobody can be at it.
 */
export async function removeUnfinishedWrites(folder: string): Promise<void> {
  for (const name of await fs.readdir(folder).catch(() => [])) {
    const found = UNFINISHED.exec(name);
    if (!found) continue;
    const path = join(folder, name);
    const isGone = found[1] !== undefined && !isRunning(Number(found[1]));
    const info = await fs.stat(path).catch(() => null);
    if (info && (isGone || info.mtimeMs < Date.now() - ABANDONED_AFTER_MS)) await cleanUp(path);
  }
}

/** Whether the message of an error of Lance says that another program has a file open. */
export const isSaidToBeHeld = (message: string): boolean => SAID_TO_BE_HELD.test(message);

async function isHeld(error: unknown): Promise<boolean> {
  // The message of a HeldError says nothing of the kind: what was waited for once is not waited for again.
  if (error instanceof Error && isSaidToBeHeld(error.message)) return true;
  if (!(error instanceof Error && 'code' in error)) return false;
  // Outside of Windows Node's `rm` takes a file that it may not remove for a folder, and looks into it.
  const isHeldFile = error.code === 'ENOTDIR' && Reflect.get(error, 'syscall') === 'scandir';
  if (!HELD.has(String(error.code)) && !isHeldFile) return false;
  // Where nothing may be written, waiting does not help.
  for (const key of ['path', 'dest']) {
    const path: unknown = Reflect.get(error, key);
    if (typeof path === 'string' && !(await isWritable(dirname(path)))) return false;
  }
  return true;
}

const isWritable = (folder: string): Promise<boolean> =>
  fs.access(folder, fs.constants.W_OK).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code === 'ENOENT',
  );
