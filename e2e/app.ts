import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { _electron, test as base, type ElectronApplication, expect, type Page } from '@playwright/test';
import { findElectron } from '../electron/dev/electron-binary.ts';

export { expect };

export const repository = path.resolve(import.meta.dirname, '..');
export const sampleCatalog = path.join(repository, 'resources/sample-catalog');

/** The built app, running on a data folder of its own. */
export interface RunningApp {
  app: ElectronApplication;
  page: Page;
  dataDir: string;
  /** Starts it again on the same data. */
  relaunch(): Promise<Page>;
}

/** Finds Electron once a worker: it may have to be fetched, and a virtual display started. */
const electron = findElectron();

async function launch(dataDir: string): Promise<{ app: ElectronApplication; page: Page }> {
  const { path: executablePath, args, env } = await electron;
  const app = await _electron.launch({
    executablePath,
    args: [...args, repository],
    env: { ...env, LOOKALIKE_DATA: dataDir },
  });
  const page = await app.firstWindow();
  return { app, page };
}

export const test = base.extend<{ lookalike: RunningApp }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads a fixture's dependencies from this pattern.
  lookalike: async ({}, use) => {
    const dataDir = await mkdtemp(path.join(tmpdir(), 'lookalike-e2e-'));
    const running: RunningApp = {
      ...(await launch(dataDir)),
      dataDir,
      relaunch: async () => {
        await running.app.close();
        Object.assign(running, await launch(dataDir));
        return running.page;
      },
    };
    await use(running);
    await running.app.close();
    await rm(dataDir, { recursive: true, force: true });
  },
});

/** Drops a file of this machine anywhere on the window, as a person would from a folder. */
export async function dropFile(page: Page, file: string, mimeType: string): Promise<void> {
  const bytes = (await readFile(file)).toString('base64');
  const transfer = await page.evaluateHandle(
    ({ bytes, name, type }) => {
      const data = new DataTransfer();
      const content = Uint8Array.from(atob(bytes), (character) => character.charCodeAt(0));
      data.items.add(new File([content], name, { type }));
      return data;
    },
    { bytes, name: path.basename(file), type: mimeType },
  );
  for (const type of ['dragenter', 'dragover', 'drop']) {
    await page.dispatchEvent('body', type, { dataTransfer: transfer });
  }
}

/** Puts a picture on the system's clipboard as a bitmap and pastes it. */
export async function pasteBitmap({ app, page }: RunningApp, file: string): Promise<void> {
  await app.evaluate(({ clipboard, nativeImage }, source) => {
    clipboard.writeImage(nativeImage.createFromPath(source));
  }, file);
  await page.keyboard.press('ControlOrMeta+V');
}
