import path from 'node:path';
import { app, type BrowserWindow, dialog } from 'electron';
import { z } from 'zod';
import { LookalikeError } from '../contract/errors.ts';
import type { Fault } from '../contract/faults.ts';
import { sourceId } from '../contract/secrets-file.ts';
import { channels } from '../contract/shell.ts';
import { summonSettings } from '../contract/summon.ts';
import { dragArguments, dragPicture } from './drag-out.ts';
import { type SecretAt, type Secrets, secretAt } from './secrets.ts';
import { onPageRequest } from './security.ts';
import type { Summon } from './summon.ts';

const MAX_SECRET_BYTES = 4096;

const origin = z.url({ protocol: /^https?$/ });
const secret = secretAt.extend({ origin, value: z.string().min(1) });
const saveSecretArguments = z.tuple([sourceId, secret.nullable()]);
const fileName = z.string().max(255);

/** Answers the page's requests to the shell. Must be called once, when the app is ready. */
export function answerPageRequests(secrets: Secrets, summon: Summon): void {
  onPageRequest(channels.summon, z.tuple([]), async () => summon.state);
  onPageRequest(channels.setSummon, z.tuple([summonSettings]), ([settings]) => summon.change(settings));
  onPageRequest(channels.saveSecret, saveSecretArguments, ([id, secret]) => saveSecret(secrets, id, secret));
  onPageRequest(channels.chooseSavePath, z.tuple([fileName]), ([name], window) =>
    chooseSavePath(name, window),
  );
  onPageRequest(channels.dragPicture, dragArguments, ([name, jpeg], window) =>
    dragPicture(name, jpeg, window),
  );
  onPageRequest(channels.chooseFolder, z.tuple([]), (_none, window) => chooseFolder(window));
}

async function saveSecret(secrets: Secrets, id: string, secret: SecretAt | null): Promise<Fault | null> {
  if (secret && Buffer.byteLength(secret.value) > MAX_SECRET_BYTES)
    return { code: 'SECRET_TOO_LONG', params: { mostBytes: MAX_SECRET_BYTES } };
  try {
    await secrets.save(id, secret);
    return null;
  } catch (error) {
    if (error instanceof LookalikeError) return error.fault;
    throw error;
  }
}

/** The kinds of files that the page saves, by extension. */
const SAVED: Record<string, string> = {
  'lookalike-pack': 'Catalog pack',
  xlsx: 'Excel workbook',
  csv: 'Table',
  json: 'Data',
  html: 'Report',
  pdf: 'Report',
};

async function chooseSavePath(suggestedName: string, window: BrowserWindow): Promise<string | null> {
  const extension = path.win32.extname(suggestedName).slice(1);
  const kind = SAVED[extension];
  const { canceled, filePath } = await dialog.showSaveDialog(window, {
    // Windows' basename, because it knows both separators: the page may suggest a name, but no folder.
    defaultPath: path.join(app.getPath('documents'), path.win32.basename(suggestedName)),
    ...(kind !== undefined && { filters: [{ name: kind, extensions: [extension] }] }),
    properties: ['createDirectory', 'showOverwriteConfirmation'],
  });
  return canceled ? null : filePath;
}

async function chooseFolder(window: BrowserWindow): Promise<string | null> {
  const { filePaths } = await dialog.showOpenDialog(window, { properties: ['openDirectory'] });
  return filePaths[0] ?? null;
}
