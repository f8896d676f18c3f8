import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { retried } from '../files/changes.ts';
import { readOr } from '../files/reads.ts';

// Reads Lance's file layout without Lance, to find out which files a version needs: Lance cannot open a table at all when
// one manifest or tag is damaged. Format: lance.org/format/table.

/** The table of product images: the only one whose versions can be rolled back to. */
export const PRODUCT_IMAGES = 'product-images';

/** The table of pictures, which all models share. */
export const PICTURES = 'pictures';

/** The table of a model's features. */
export const featuresTable = (modelId: string): string => `features-${modelId}`;

/** The folder of a table, relative to the catalog's folder. */
export const tableFolder = (table: string): string => `${table}.lance`;

/** The file of a table's notes, beside the table; see `integrity.ts`. */
export const integrityFile = (table: string): string => `integrity-${table}.json`;

/** The ids of the models that have features in a catalog's folder, intact or not. */
export async function modelsWithFeatures(uri: string): Promise<string[]> {
  const names = await readOr(() => readdir(uri), []);
  const ids = names.flatMap(
    (name) => /^(?:features-(.+)\.lance|integrity-features-(.+)\.json)$/.exec(name)?.slice(1) ?? [],
  );
  return [...new Set(ids.filter((id) => id !== undefined))].sort();
}

export const VERSIONS = '_versions';
export const TAGS = '_refs/tags';
export const INDICES = '_indices';

/** Newer versions sort first: their file names count down from the largest 64-bit number. */
const LAST = 2n ** 64n - 1n;

/**
 * The manifests of a table: their paths below the table's folder, by version.
 * @throws HeldError, Error of the file system when the folder cannot be read now
 */
export async function manifestsOf(folder: string): Promise<Map<number, string>> {
  const manifests = new Map<number, string>();
  for (const name of await readOr(() => readdir(join(folder, VERSIONS)), [])) {
    const digits = /^(\d+)\.manifest$/.exec(name)?.[1];
    if (digits === undefined) continue;
    // The first releases of Lance counted up.
    const version = digits.length === 20 ? LAST - BigInt(digits) : BigInt(digits);
    manifests.set(Number(version), `${VERSIONS}/${name}`);
  }
  return manifests;
}

/** The files of a version of a table; paths are relative to the table's folder. */
export interface VersionFiles {
  /** Rows and lists of deleted rows, with their length if the manifest has it. */
  files: { path: string; bytes: number | null }[];
  /** Indexes: their folders, and Lance's names of them. */
  indexes: { folder: string; name: string }[];
}

/**
 * Reads from a manifest which files its version needs.
 * @throws HeldError; Error when the manifest cannot be read or is incomplete
 */
export async function readManifest(path: string): Promise<VersionFiles> {
  const bytes = await retried(() => readFile(path));
  const footer = bytes.length - 16;
  if (footer < 0 || bytes.toString('latin1', bytes.length - 4) !== 'LANC') throw new Error('No manifest.');
  const manifest = messageAt(bytes, bytes.readBigUInt64LE(footer));
  const files: VersionFiles['files'] = [];
  for (const fragment of manifest.messages(2)) {
    for (const file of fragment.messages(2)) {
      files.push({ path: `data/${file.text(1)}`, bytes: Number(file.number(6)) || null });
    }
    const [deletion] = fragment.messages(3);
    if (deletion) {
      const kind = deletion.number(1) === 0n ? 'arrow' : 'bin';
      const name = [fragment.number(1), deletion.number(2), deletion.number(3)].join('-');
      files.push({ path: `_deletions/${name}.${kind}`, bytes: null });
    }
  }
  const indexesAt = manifest.number(6);
  const indexes = manifest.has(6) ? messageAt(bytes, indexesAt).messages(1) : [];
  return {
    files,
    indexes: indexes.map((index) => {
      const id = index.messages(1)[0]?.bytes(1).toString('hex') ?? '';
      const uuid = id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
      return { folder: `${INDICES}/${uuid}`, name: index.text(3) };
    }),
  };
}

/**
 * False for a damaged manifest. A missing one, as after pruning, is not damage.
 * @throws HeldError, Error of the file system when it cannot be read now
 */
export async function isManifestWhole(path: string): Promise<boolean> {
  const manifest = await readOr(() => readManifest(path), null);
  return manifest !== null || (await bytesOf(path)) === null;
}

/** A message of a manifest begins with its length. */
function messageAt(bytes: Buffer, position: bigint): Message {
  const start = Number(position) + 4;
  const end = start + bytes.readUInt32LE(start - 4);
  if (end > bytes.length) throw new Error('A manifest that was cut.');
  return new Message(bytes.subarray(start, end));
}

/** A message of Protocol Buffers: its fields by number, not decoded. */
class Message {
  readonly #fields = new Map<number, (bigint | Buffer)[]>();

  constructor(bytes: Buffer) {
    let at = 0;
    const varint = (): bigint => {
      let [value, shift] = [0n, 0n];
      for (;;) {
        const byte = bytes[at++];
        if (byte === undefined || shift > 63n) throw new Error('A number that was cut.');
        value |= BigInt(byte & 127) << shift;
        if (byte < 128) return value;
        shift += 7n;
      }
    };
    const take = (length: number): Buffer => {
      if (at + length > bytes.length) throw new Error('A field that was cut.');
      at += length;
      return bytes.subarray(at - length, at);
    };
    const decode = (wireType: number): bigint | Buffer => {
      if (wireType === 0) return varint();
      if (wireType === 1) return take(8);
      if (wireType === 2) return take(Number(varint()));
      if (wireType === 5) return take(4);
      throw new Error('No message.');
    };
    while (at < bytes.length) {
      const key = Number(varint());
      const values = this.#fields.get(key >> 3) ?? [];
      this.#fields.set(key >> 3, values);
      values.push(decode(key & 7));
    }
  }

  has(field: number): boolean {
    return this.#fields.has(field);
  }

  messages(field: number): Message[] {
    return this.#values(field).flatMap((value) => (typeof value === 'bigint' ? [] : [new Message(value)]));
  }

  /** 0 for a missing field, as Protocol Buffers define it. */
  number(field: number): bigint {
    const [value] = this.#values(field);
    return typeof value === 'bigint' ? value : 0n;
  }

  bytes(field: number): Buffer {
    const [value] = this.#values(field);
    return value instanceof Buffer ? value : Buffer.alloc(0);
  }

  text(field: number): string {
    return this.bytes(field).toString('utf8');
  }

  #values(field: number): (bigint | Buffer)[] {
    return this.#fields.get(field) ?? [];
  }
}

/** As strict as Lance: it refuses all tags of a table when one lacks a field. */
const tag = z.object({
  version: z.int().min(1),
  createdAt: z.iso.datetime({ offset: true }),
  updatedAt: z.iso.datetime({ offset: true }),
  manifestSize: z.int(),
});

export interface Tags {
  /** The version of each readable tag, by the tag's name. */
  versions: ReadonlyMap<string, number>;
  /** Names of the unreadable tags. */
  damaged: string[];
}

/** @throws HeldError, Error of the file system when they cannot be read now */
export async function readTags(folder: string): Promise<Tags> {
  const versions = new Map<string, number>();
  const damaged: string[] = [];
  for (const file of await readOr(() => readdir(join(folder, TAGS)), [])) {
    if (!file.endsWith('.json')) continue;
    const name = file.slice(0, -'.json'.length);
    const tag = await readTag(folder, name);
    if (tag === null) damaged.push(name);
    else versions.set(name, tag.version);
  }
  return { versions, damaged };
}

/**
 * One tag; null when it is missing or damaged.
 * @throws HeldError, Error of the file system when it cannot be read now
 */
export async function readTag(
  folder: string,
  name: string,
): Promise<{ version: number; updatedAt: string } | null> {
  return readOr(async () => {
    const bytes = await readFile(join(folder, tagFile(name)));
    return tag.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
  }, null);
}

/** A tag's path, relative to its table's folder. */
export const tagFile = (name: string): string => `${TAGS}/${name}.json`;

/**
 * Size of a file in bytes; null when it is missing.
 * @throws HeldError, Error of the file system when that is unknown now
 */
export async function bytesOf(path: string): Promise<number | null> {
  const info = await readOr(() => stat(path), null);
  return info?.isFile() ? info.size : null;
}
