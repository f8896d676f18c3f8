import { create } from 'zustand';
import { LookalikeError } from '../../electron/contract/errors.ts';
import type { InstallProgress, InstallRequest, ModelState } from '../../electron/contract/models.ts';
import type { ImportProgress } from '../../electron/contract/publishing.ts';
import type { Status } from '../../electron/contract/status.ts';
import { askAgainAfterRestart, asLookalikeError, engine } from '../engine/client.ts';
import { noteResumed, useConnection } from '../engine/connection.ts';
import { follow } from '../engine/follow.ts';
import { toast } from '../page/toast.ts';
import { useView } from '../page/view.ts';

export type Work = 'install' | 'verify' | 'use' | 'remove';

/** A running or failed task with a model. A successful one shows in the model's own state. */
export type Job =
  | { phase: 'running'; work: 'install' | 'verify'; progress: InstallProgress | null }
  | { phase: 'running'; work: 'use'; progress: ImportProgress | null }
  | { phase: 'running'; work: 'remove' }
  | { phase: 'verified' }
  | { phase: 'failed'; work: Work; error: LookalikeError };

/** The key of an installation from a file or folder, whose model is unknown until it is read. */
export const FROM_PATH = 'path';

interface Models {
  /** Null until they are loaded. */
  models: readonly ModelState[] | null;
  error: LookalikeError | null;
  /** By the model's id, or `FROM_PATH`. */
  jobs: Readonly<Record<string, Job>>;
  /** The file or folder of the present or last installation. */
  path: string | null;
}

export const useModels = create<Models>(() => ({ models: null, error: null, jobs: {}, path: null }));

const running = new Map<string, AbortController>();

export function isRunning(job: Job | undefined): boolean {
  return job?.phase === 'running';
}

async function load(): Promise<void> {
  try {
    useModels.setState({ models: await engine.listModels(), error: null });
  } catch (error) {
    useModels.setState({ error: asLookalikeError(error) });
  }
}

function setJob(key: string, job: Job | null): void {
  useModels.setState(({ jobs: { [key]: _before, ...others } }) => ({
    jobs: job ? { ...others, [key]: job } : others,
  }));
}

/** Runs one task with a model to its end, and shows its result. */
async function run(key: string, first: Job, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  if (first.phase !== 'running' || running.has(key)) return;
  const controller = new AbortController();
  running.set(key, controller);
  setJob(key, first);
  let end: Job | null = first.work === 'verify' ? { phase: 'verified' } : null;
  try {
    await work(controller.signal);
  } catch (thrown) {
    const error = asLookalikeError(thrown);
    // The person stopped it, so there is no message: the model's state shows how much is installed.
    end = controller.signal.aborted ? null : { phase: 'failed', work: first.work, error };
  }
  await load();
  running.delete(key);
  setJob(key, end);
}

async function install(key: string, request: InstallRequest): Promise<void> {
  await run(key, { phase: 'running', work: 'install', progress: null }, async (signal) => {
    const { name } = await askAgainAfterRestart(
      async () =>
        follow(await engine.installModel(request, { signal }), (progress) =>
          setJob(key, { phase: 'running', work: 'install', progress }),
        ),
      () => noteResumed('The model went on from where it was.'),
    );
    toast(`${name} is installed`);
  });
}

/** Downloads a model, continuing an earlier download. */
export function download(id: string): Promise<void> {
  return install(id, { from: 'network', id });
}

/** Installs from a file or folder of this machine. */
export function installFrom(path: string): Promise<void> {
  if (running.has(FROM_PATH)) {
    toast('One at a time: wait for the model that is being installed, or cancel it');
    return Promise.resolve();
  }
  useModels.setState({ path });
  return install(FROM_PATH, { from: 'path', path });
}

/** Asks for a folder, as of a stick, and installs the model in it. */
export async function installFromFolder(): Promise<void> {
  const folder = await window.lookalike.chooseFolder();
  if (folder !== null) await installFrom(folder);
}

/** Checks every byte of an installed model again. */
export function verify(id: string): Promise<void> {
  return run(id, { phase: 'running', work: 'verify', progress: null }, async (signal) => {
    await engine.verifyModel({ id }, { signal });
  });
}

/** Embeds the catalog's pictures with another model and switches to it. */
export function switchTo(model: Pick<ModelState, 'id' | 'name'>): Promise<void> {
  const { id, name } = model;
  return run(id, { phase: 'running', work: 'use', progress: null }, async (signal) => {
    await askAgainAfterRestart(
      async () =>
        follow(await engine.useModel({ id }, { signal }), (progress) =>
          setJob(id, { phase: 'running', work: 'use', progress }),
        ),
      () => noteResumed('The switch of models went on from where it was.'),
    );
    toast(`Match answers with ${name} now`);
  });
}

/** Deletes a model's files, including those of an interrupted download. */
export function remove(id: string): Promise<void> {
  return run(id, { phase: 'running', work: 'remove' }, async () => {
    await engine.removeModel({ id });
  });
}

/** Pauses a download, or cancels another task. Finished work is kept. */
export function stop(key: string): void {
  running.get(key)?.abort(new LookalikeError('CANCELLED'));
}

/** Closes the result of a task. */
export function dismissJob(key: string): void {
  if (!running.has(key)) setJob(key, null);
}

/**
 * Moves the catalog to the model that replaces the one in use. The engine names no successor while it switches, nor after that
 * was cancelled or failed.
 */
function moveToSuccessor({ successor, switchingTo, importing }: Status): void {
  if (successor && switchingTo === null && !importing) void switchTo(successor);
}

/** Loads the models again whenever they may have changed. */
export function startModels(): void {
  // The engine sends a status whenever the model changes, and the CLI may have installed one.
  useConnection.subscribe(({ status }, before) => {
    if (status === before.status) return;
    void load();
    if (status) moveToSuccessor(status);
  });
  useView.subscribe(({ view }) => {
    if (view === 'models') void load();
  });
}
