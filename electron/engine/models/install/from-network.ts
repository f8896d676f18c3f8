import { LookalikeError } from '../../../contract/errors.ts';
import type { ModelEntry, ModelFile } from '../../model/manifest.ts';
import type { Meter } from '../../work/byte-meter.ts';
import { download, type RemoteFile } from './download.ts';
import type { Stage } from './stage.ts';

/** Whether every file of a model has a URL. */
export const isDownloadable = (entry: ModelEntry): boolean => entry.files.every((file) => file.url);

/**
 * Downloads the missing files to the stage.
 * @param mirror replaces the scheme and host of every URL
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
    entry.files.map((file) => [file.path, file.bytes ?? null]),
  );
  for (const file of entry.files) {
    const heldBytes = await stage.holds(file);
    if (heldBytes !== null) {
      meter.tell(file.path, heldBytes, heldBytes);
      continue;
    }
    const watcher = {
      resumed: (bytes: number) => meter.known(file.path, bytes),
      came: (bytes: number, total: number | null) => meter.tell(file.path, bytes, total),
    };
    const downloaded = await download(remote(file, mirror), stage.partOf(file), watcher, signal);
    await stage.accept(file, downloaded);
  }
}

function remote({ path, url: listed, bytes, sha256 }: ModelFile, mirror: string | null): RemoteFile {
  if (listed === undefined) {
    const params = { at: path, reason: { kind: 'no-address' }, proxy: null, kept: false } as const;
    throw new LookalikeError({ code: 'MODEL_DOWNLOAD_FAILED', params }, { item: path });
  }
  if (mirror === null) return { url: listed, ownHost: null, bytes, sha256 };
  const url = new URL(mirror);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}${new URL(listed).pathname}`;
  return { url: url.href, ownHost: url.host, bytes, sha256 };
}
