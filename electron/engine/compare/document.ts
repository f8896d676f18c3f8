import { mkdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { LookalikeError } from '../../contract/errors.ts';
import type { Fault } from '../../contract/faults.ts';
import { FolderLock } from '../files/folder-lock.ts';
import { Journal, type JournalContent, writeJournal } from '../files/journal.ts';
import { storageError } from '../files/storage-error.ts';
import { gone, JOURNAL, makeState, readEntries, unusable, withCopy } from './document-journal.ts';
import { type Entry, type Place, VERSION } from './entries.ts';
import { PictureFile } from './picture-file.ts';
import type { Row } from './row.ts';
import { type Everywhere, State } from './state.ts';

const PICTURES = 'pictures.bin';

/** A journal with fewer entries than this, beside those that it needs, is not worth rewriting. */
const FEW_REPLACED = 1000;

const NOTHING_REJECTED: Everywhere = { ofPicture: () => undefined };

/** What one process writes to a document. */
interface Writing {
  lock: FolderLock;
  journal: Journal;
}

/**
 * A comparison on disk: the journal that makes it (`entries.ts`), and its pictures. Any process can read it; one at a time
 * writes it, and holds its lock from its first change until it closes the document.
 */
export class Document {
  readonly id: string;
  readonly #folder: string;
  /** What was read of the journal last. */
  #known: Omit<JournalContent, 'entries'> & { lines: number };
  readonly #everywhere: Everywhere;
  #state: State;
  #faults: Fault[] = [];
  #pictures: { open: Promise<PictureFile> | null; writes: boolean } = { open: null, writes: false };
  #writing: Writing | null = null;
  #hasNewPictures = false;
  /** Changes happen one after another. */
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(folder: string, content: JournalContent, everywhere: Everywhere) {
    this.#everywhere = everywhere;
    this.#state = new State(everywhere);
    this.id = basename(folder);
    this.#folder = folder;
    this.#known = { ...content, lines: 0 };
    this.#load(content);
  }

  /**
   * Makes a document in a folder that does not exist yet.
   * @param begin makes its first entries; the pictures that it adds are kept
   * @throws LookalikeError STORAGE_*
   */
  static async create(
    folder: string,
    begin: (document: Document) => Promise<Entry[]>,
    everywhere: Everywhere = NOTHING_REJECTED,
  ): Promise<Document> {
    try {
      await mkdir(folder, { recursive: true });
    } catch (cause) {
      throw storageError(cause, folder);
    }
    const document = new Document(folder, { entries: [], bytes: 0, torn: 0, damaged: 0 }, everywhere);
    const entries = await begin(document);
    await document.write(() => entries);
    return document;
  }

  /**
   * @throws LookalikeError COMPARISON_UNKNOWN, COMPARISON_DAMAGED, COMPARISON_TOO_NEW, STORAGE_*
   */
  static async open(folder: string, everywhere: Everywhere = NOTHING_REJECTED): Promise<Document> {
    const content = await readEntries(folder);
    const document = new Document(folder, content, everywhere);
    if (document.#state.createdAt === '') throw unusable(content.entries[0], folder);
    const { size } = await stat(join(folder, PICTURES)).catch(() => ({ size: 0 }));
    const lost = [...document.#state.rows.values()].filter((row) => !hasPictures(row, size)).length;
    if (lost > 0) document.#faults.push({ code: 'COMPARISON_PICTURES_LOST', params: { rows: lost } });
    return document;
  }

  get state(): State {
    return this.#state;
  }

  /** What was lost of it. */
  get faults(): readonly Fault[] {
    return this.#faults;
  }

  /** The length of its journal. */
  get bytes(): number {
    return this.#writing?.journal.bytes ?? this.#known.bytes;
  }

  /** Reads it again where another process has written it. */
  async refresh(): Promise<void> {
    if (this.#writing) return;
    const { size } = await stat(join(this.#folder, JOURNAL)).catch(() => ({ size: -1 }));
    if (size !== this.#known.bytes) this.#load(await readEntries(this.#folder));
  }

  /**
   * Changes the document.
   * @param make entries by the state as it is then
   * @param options.durable see `Journal.add`
   * @returns the numbers of the rows that were changed
   * @throws LookalikeError COMPARISON_BUSY, COMPARISON_UNKNOWN when its folder is gone, STORAGE_*
   */
  write(make: (state: State) => Entry[], { durable = true } = {}): Promise<number[]> {
    return this.still(async () => {
      const { journal, lock } = await this.#acquire();
      const entries = make(this.#state);
      if (entries.length === 0) return [];
      if (durable && this.#hasNewPictures) await this.#syncPictures();
      // At once, because each takes a turn of the disk: what is written to a folder that is gone harms nobody.
      await Promise.all([journal.add(entries, { durable }), durable && this.#requireFolder(lock)]);
      return entries.flatMap((each) => this.#state.apply(each));
    });
  }

  /** Runs work while nothing changes the document. */
  still<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => {});
    return done;
  }

  /** Makes this process the one that writes the document. */
  claim(): Promise<void> {
    return this.write(() => []).then(() => {});
  }

  /** Waits until everything written so far is on the disk. */
  async flush(): Promise<void> {
    if (!this.#writing) return;
    if (this.#hasNewPictures) await this.#syncPictures();
    await this.#writing.journal.add([], { durable: true });
  }

  /**
   * Adds a picture, which an entry must name.
   * @throws LookalikeError STORAGE_*
   */
  async addPicture(bytes: Uint8Array): Promise<Place> {
    this.#hasNewPictures = true;
    return (await this.#pictureFile(true)).add(bytes);
  }

  /** Null where it is missing. */
  async picture(place: Place): Promise<Uint8Array<ArrayBuffer> | null> {
    const file = await this.#pictureFile(false).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw storageError(error, this.#folder);
    });
    return file?.read(place) ?? null;
  }

  /** Whether the pictures of a row that was compared are there. */
  async hasPictures(row: Row): Promise<boolean> {
    const size = (await this.#pictureFile(false).catch(() => null))?.bytes ?? 0;
    return hasPictures(row, size);
  }

  async close(): Promise<void> {
    await this.#turn;
    await this.flush().catch(console.error);
    const writing = this.#writing;
    this.#writing = null;
    if (writing) {
      this.#known = { ...this.#known, bytes: writing.journal.bytes, torn: 0 };
      await writing.journal.close();
      await writing.lock.release();
    }
    await (await this.#pictures.open?.catch(() => null))?.close();
    this.#pictures = { open: null, writes: false };
  }

  async #acquire(): Promise<Writing> {
    if (this.#writing?.lock.noticed === null) return this.#writing;
    // Another process took the lock over while this one was held up.
    await this.#writing?.journal.close();
    this.#writing = null;
    const lock = await FolderLock.acquire(this.#folder).catch((cause: NodeJS.ErrnoException) => {
      throw cause.code === 'ENOENT' ? gone(this.id) : storageError(cause, this.#folder);
    });
    if (!lock) throw new LookalikeError({ code: 'COMPARISON_BUSY', params: {} }, { item: this.#state.name });
    try {
      this.#writing = { lock, journal: await this.#openJournal() };
      return this.#writing;
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  async #openJournal(): Promise<Journal> {
    const path = join(this.#folder, JOURNAL);
    const { journal, content, kept } = await Journal.open(path, this.#known);
    if (content) this.#load(content);
    if (kept !== null) this.#faults = this.#faults.map((fault) => withCopy(fault, kept));
    const needed = this.#state.createdAt === '' ? [] : [...this.#state.entries(VERSION)];
    const isShort = this.#known.lines <= 2 * needed.length + FEW_REPLACED;
    // An app that does not know today's entries must refuse the document.
    const isOld = needed.length > 0 && this.#state.version < VERSION;
    if (kept === null && isShort && !isOld) return journal;
    await journal.close();
    await writeJournal(path, needed);
    this.#state.version = VERSION;
    return (await Journal.open(path)).journal;
  }

  #load({ entries, ...content }: JournalContent): void {
    this.#known = { ...content, lines: entries.length };
    this.#state = new State(this.#everywhere);
    this.#faults = makeState(this.#state, { entries, ...content }, this.id);
  }

  /** Writes to a folder that was deleted would succeed, and be lost. */
  async #requireFolder(lock: FolderLock): Promise<void> {
    const loss = await lock.loss();
    if (loss === 'gone') throw gone(this.id);
    if (loss) throw new LookalikeError({ code: 'COMPARISON_BUSY', params: {} }, { item: this.#state.name });
  }

  async #syncPictures(): Promise<void> {
    this.#hasNewPictures = false;
    await (await this.#pictures.open)?.sync();
  }

  /** Opened once, and once more when something is to be added. */
  #pictureFile(writes: boolean): Promise<PictureFile> {
    const { open } = this.#pictures;
    if (open && (!writes || this.#pictures.writes)) return open;
    const opening = (async () => {
      await (await open?.catch(() => null))?.close();
      return PictureFile.open(join(this.#folder, PICTURES), { writes });
    })();
    this.#pictures = { open: opening, writes };
    // A file that is not there yet may come.
    opening.catch(() => {
      if (this.#pictures.open === opening) this.#pictures = { open: null, writes: false };
    });
    return opening;
  }
}

/** @param size of the file of pictures, in bytes */
function hasPictures({ picture }: Row, size: number): boolean {
  if (!picture) return true;
  return [picture.thumbnail, picture.large, picture.features].every(([at, length]) => at + length <= size);
}
