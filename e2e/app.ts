import { execFile } from 'node:child_process';
import { cp, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import AxeBuilder from '@axe-core/playwright';
import { _electron, test as base, type ElectronApplication, expect, type Page } from '@playwright/test';
import { findElectron } from '../electron/dev/electron-binary.ts';
import { makeTemporaryFolder, removeFolder } from '../electron/dev/temporary-folder.ts';
import { sampleData, smallApp, smallData } from './sample-data.ts';

export { expect };

export const repository = path.resolve(import.meta.dirname, '..');
export const sampleCatalog = path.join(repository, 'resources/sample-catalog');

/** Expects axe to find nothing wrong with the page, or with a part of it. @param part a selector */
export async function expectAccessible(page: Page, part = 'body'): Promise<void> {
  // The stock build of axe needs a second page, which an Electron app does not have.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().include(part).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
}

/** The built app, running on its own data folder. */
export interface RunningApp {
  app: ElectronApplication;
  page: Page;
  dataDir: string;
  /** Restarts the app on the same data, with files to open. @param whileClosed what happens to the data before the start */
  relaunch(files?: readonly string[], whileClosed?: () => Promise<void>): Promise<Page>;
}

/** Finds Electron once per worker: it may have to be downloaded, and a virtual display started. */
export const electron = findElectron();

interface Launch {
  /** The program to start with Electron's arguments, if not Electron itself. */
  program?: string;
  /** Chromium's switches. */
  switches?: string[];
  /** The app's folder, if not the repository. */
  folder?: string;
  /** Additional environment variables. */
  env?: Record<string, string>;
  /** The files that the app is asked to open. */
  files?: readonly string[];
}

/** Starts the built app on a data folder. */
export async function launch(
  dataDir: string,
  { program, switches = [], folder = repository, env = {}, files = [] }: Launch = {},
): Promise<{ app: ElectronApplication; page: Page }> {
  const { path: executablePath, args, env: ofElectron } = await electron;
  const app = await _electron.launch({
    executablePath: program ?? executablePath,
    args: [...args, ...switches, folder, ...files],
    env: { ...ofElectron, ...env, LOOKALIKE_DATA: dataDir },
  });
  const page = await app.firstWindow();
  return { app, page };
}

interface Options {
  /**
   * The initial data folder: empty, as on a first start; empty, and the app offers a small sample catalog; that small catalog;
   * the sample catalog as the CLI imports it; or the same after the app has run on it, which has calibrated it.
   */
  data: 'first-start' | 'empty' | 'small' | 'imported' | 'sample';
  /** Chromium's switches. */
  switches: string[];
}

export const test = base.extend<Options & { lookalike: RunningApp }>({
  data: ['sample', { option: true }],
  switches: [[], { option: true }],
  lookalike: async ({ data, switches }, use) => {
    const dataDir = await makeTemporaryFolder();
    const isSmall = data === 'empty' || data === 'small';
    if (data !== 'empty' && data !== 'first-start')
      await cp(isSmall ? smallData() : sampleData(), dataDir, { recursive: true });
    if (data === 'imported') await rm(path.join(dataDir, 'calibration-starter-2.json'));
    const folder = isSmall ? smallApp() : repository;
    const running: RunningApp = {
      ...(await launch(dataDir, { folder, switches })),
      dataDir,
      relaunch: async (files = [], whileClosed = async () => {}) => {
        await running.app.close();
        await whileClosed();
        Object.assign(running, await launch(dataDir, { folder, files, switches }));
        return running.page;
      },
    };
    await use(running);
    await running.app.close();
    await removeFolder(dataDir);
  },
});

/** Drops a file of this machine on the window, as a person would from a folder. */
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

/** Drops a file through the browser, so that the page can ask for its path; `dropFile` creates the file in the page. */
export async function dropFromDisk(page: Page, file: string): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [file], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', { type, x: 400, y: 400, data });
  }
  await session.detach();
}

/** Copies a picture to the system's clipboard as a bitmap, as "Copy image" in a browser does, and pastes it. */
export async function pasteBitmap(page: Page, file: string): Promise<void> {
  const bytes = (await readFile(file)).toString('base64');
  await page.evaluate(async (base64) => {
    const picture = new Blob([Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))]);
    const bitmap = await createImageBitmap(picture);
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': canvas.convertToBlob() })]);
  }, bytes);
  await page.keyboard.press('ControlOrMeta+V');
}

/** Waits until the app is ready for a photo. */
export async function readyToMatch(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { name: /Drop a customer/ })).toBeVisible({ timeout: 90_000 });
}

/** The process id of the app's engine. */
export async function enginePid(app: ElectronApplication): Promise<number> {
  const metrics = await app.evaluate(({ app: main }) => main.getAppMetrics());
  const engine = metrics.find(({ name }) => name === 'Lookalike engine');
  if (!engine) throw new Error(`No engine among ${metrics.map(({ name, type }) => name ?? type).join(', ')}`);
  return engine.pid;
}

/** Suspends a process, so that it certainly does not answer, until `resume`. */
export async function suspend(pid: number): Promise<void> {
  if (process.platform === 'win32') await callNt('NtSuspendProcess', pid);
  else process.kill(pid, 'SIGSTOP');
}

export async function resume(pid: number): Promise<void> {
  if (process.platform === 'win32') await callNt('NtResumeProcess', pid);
  else process.kill(pid, 'SIGCONT');
}

/** Windows has neither such signals (Node: ENOSYS) nor a program for it; its debuggers use these two functions. */
async function callNt(name: 'NtSuspendProcess' | 'NtResumeProcess', pid: number): Promise<void> {
  const declaration = `[DllImport("ntdll.dll")] public static extern int ${name}(IntPtr process);`;
  const script = `$nt = Add-Type -PassThru -Name Nt -Namespace Held -MemberDefinition '${declaration}'
    if ($nt::${name}((Get-Process -Id ${pid}).Handle) -ne 0) { throw '${name} was refused' }`;
  await promisify(execFile)('powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', script]);
}
