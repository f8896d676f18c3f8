import { create } from 'zustand';
import type { DiskUse, SnapshotInfo } from '../../electron/contract/catalog.ts';
import { LookalikeError } from '../../electron/contract/errors.ts';
import type { PackProgress } from '../../electron/contract/publishing.ts';
import { asLookalikeError, engine } from '../engine/client.ts';
import { useConnection } from '../engine/connection.ts';
import { follow } from '../engine/follow.ts';
import { useView } from '../page/view.ts';
import { useCatalogPane } from './catalog-pane.ts';

type Export =
  | { phase: 'running'; progress: PackProgress | null }
  | { phase: 'done'; file: string; bytes: number };

interface Snapshots {
  /** Newest first; null until they are loaded. */
  snapshots: readonly SnapshotInfo[] | null;
  /** Also null for a catalog that is not a folder of this machine. */
  disk: DiskUse | null;
  /** There may be snapshots of another model: only those of the model in use are listed. */
  ofOtherModels: boolean;
  /** The last rollback. */
  moved: { from: SnapshotInfo; to: SnapshotInfo } | null;
  export: Export | null;
  /** The error of a rollback or export. */
  error: LookalikeError | null;
  /** Why the list could not be read. The one on screen may be outdated. */
  unread: LookalikeError | null;
}

export const useSnapshots = create<Snapshots>(() => ({
  snapshots: null,
  disk: null,
  ofOtherModels: false,
  moved: null,
  export: null,
  error: null,
  unread: null,
}));

async function load(): Promise<void> {
  try {
    const [snapshots, disk, models] = await Promise.all([
      engine.listSnapshots(),
      engine.diskUse(),
      engine.listModels(),
    ]);
    const embedders = models.filter(({ kind, installed }) => kind === 'embedder' && installed);
    useSnapshots.setState({ snapshots, disk, ofOtherModels: embedders.length > 1, unread: null });
  } catch (error) {
    useSnapshots.setState({ unread: asLookalikeError(error) });
  }
}

/** Makes another kept snapshot, older or newer, the live one. */
export async function rollBack(version: number): Promise<void> {
  const from = useSnapshots.getState().snapshots?.find(({ live }) => live);
  useSnapshots.setState({ error: null });
  try {
    const to = await engine.rollBack({ version });
    useSnapshots.setState({ moved: from ? { from, to } : null });
    await load();
  } catch (error) {
    useSnapshots.setState({ error: asLookalikeError(error) });
  }
}

/** Deletes the damaged files that were set aside. */
export async function removeSetAside(): Promise<void> {
  try {
    await engine.removeSetAside();
    await load();
  } catch (error) {
    useSnapshots.setState({ error: asLookalikeError(error) });
  }
}

export function dismissMoved(): void {
  useSnapshots.setState({ moved: null });
}

let exporting: AbortController | null = null;

/**
 * Asks for a path, then writes the live snapshot there as one file.
 * @param source id of the only source whose products are written; default: all
 */
export async function exportPack(name: string, source?: string): Promise<void> {
  const path = await window.lookalike.chooseSavePath(`${name.replace(/[/\\:*?"<>|]+/g, '-')}.lookalike-pack`);
  if (path === null) return;
  exporting = new AbortController();
  useSnapshots.setState({ export: { phase: 'running', progress: null }, error: null });
  try {
    const steps = await engine.exportPack(
      { path, ...(source !== undefined && { source }) },
      { signal: exporting.signal },
    );
    const { bytes, path: written } = await follow(steps, (progress) =>
      useSnapshots.setState({ export: { phase: 'running', progress } }),
    );
    // Under another name where what was to be replaced is open elsewhere.
    const file = written.split(/[/\\]/).at(-1) ?? written;
    useSnapshots.setState({ export: { phase: 'done', file, bytes } });
  } catch (error) {
    const problem = asLookalikeError(error);
    useSnapshots.setState({ export: null, error: problem.code === 'CANCELLED' ? null : problem });
  }
}

export function cancelExport(): void {
  exporting?.abort(new LookalikeError('CANCELLED'));
}

/** Hides the message that a pack was saved. An export in progress continues. */
export function dismissSaved(): void {
  if (useSnapshots.getState().export?.phase === 'done') useSnapshots.setState({ export: null });
}

/** Loads the snapshots again whenever the engine's status changes: after a publish, and when a sync starts or ends. */
export function startSnapshots(): void {
  // The message that a pack was saved is hidden when the person goes to another screen.
  useView.subscribe(dismissSaved);
  useCatalogPane.subscribe(dismissSaved);
  useConnection.subscribe(({ status }, before) => {
    if (status === before.status) return;
    const published = status?.snapshot?.version !== before.status?.snapshot?.version;
    if (published) dismissSaved();
    // Once a newer snapshot is live, the rollback can no longer be undone this way.
    const { moved } = useSnapshots.getState();
    if (published && moved && status?.snapshot?.version !== moved.to.version) dismissMoved();
    void load();
  });
}
