import { create } from 'zustand';
import type { Comparison } from '../../electron/contract/compare.ts';
import type { LookalikeError } from '../../electron/contract/errors.ts';
import { MOST_PICTURE_BYTES } from '../../electron/contract/limits.ts';
import { asLookalikeError, engine } from '../engine/client.ts';
import { toast } from '../page/toast.ts';
import { show } from '../page/view.ts';
import { formatCount, formatCounted } from '../ui/format.ts';
import { closeDocument, openDocument } from './document.ts';

interface Comparisons {
  /** The last changed first; null until they are read. */
  list: readonly Comparison[] | null;
  /** Pictures are being handed to the engine. */
  starting: boolean;
  /** The one that was deleted last, which can be taken back. */
  removed: Comparison | null;
  /** Why something could not be done. */
  error: LookalikeError | null;
}

export const useComparisons = create<Comparisons>(() => ({
  list: null,
  starting: false,
  removed: null,
  error: null,
}));

export async function loadComparisons(): Promise<void> {
  await attempt(async () => useComparisons.setState({ list: await engine.listComparisons() }));
}

/** Runs something, and keeps why it failed for the screen. */
async function attempt(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    const error = asLookalikeError(thrown);
    // The line across the window says that the engine stopped.
    if (error.code !== 'ENGINE_STOPPED') useComparisons.setState({ error });
  }
}

export function dismissError(): void {
  useComparisons.setState({ error: null });
}

/** The most pictures without a path, such as pasted ones. */
const MOST_PASTED = 1000;

/** Starts a comparison of files, folders, ZIP archives and lists that were dropped, pasted or picked, and opens it. */
export async function compareFiles(files: readonly File[]): Promise<void> {
  const paths: string[] = [];
  const pasted: File[] = [];
  for (const file of files) {
    const path = window.lookalike.pathForFile(file);
    if (path === '') pasted.push(file);
    else paths.push(path);
  }
  const fitting = pasted.filter(({ size }) => size <= MOST_PICTURE_BYTES).slice(0, MOST_PASTED);
  if (fitting.length < pasted.length)
    toast(
      `${formatCounted(pasted.length - fitting.length, 'picture')} left out: too large, or more than 1,000`,
    );
  await start(
    paths,
    fitting.map((file, at) => ({ file, name: file.name || `Pasted picture ${at + 1}` })),
  );
}

export async function comparePaths(paths: readonly string[]): Promise<void> {
  await start(paths, []);
}

/** What several sources are called until they are named; null for one, which has a name of its own. */
function nameFor(paths: readonly string[], pasted: number): string | null {
  const [first] = paths;
  if (first === undefined) return pasted > 1 ? 'Pasted pictures' : null;
  if (paths.length + pasted === 1) return null;
  const name = first.split(/[/\\]/).findLast((part) => part !== '') ?? first;
  return `${name.replace(/\.[^.]+$/, '').slice(0, 150)} and ${formatCount(paths.length + pasted - 1)} more`;
}

async function start(
  paths: readonly string[],
  pasted: readonly { file: File; name: string }[],
): Promise<void> {
  if (paths.length + pasted.length === 0) return;
  show('compare');
  useComparisons.setState({ starting: true, error: null });
  await attempt(async () => {
    const pictures = await Promise.all(
      pasted.map(async ({ file, name }) => ({ name, bytes: new Uint8Array(await file.arrayBuffer()) })),
    );
    const name = nameFor(paths, pasted.length);
    const { id } = await engine.createComparison({
      paths: [...paths],
      pictures,
      ...(name !== null && { name }),
    });
    await engine.runComparison({ id });
    await openDocument(id);
  });
  useComparisons.setState({ starting: false });
}

export async function duplicate({ id, name }: Comparison): Promise<void> {
  await attempt(() => engine.duplicateComparison({ id, name: `${name.slice(0, 190)} (copy)` }));
  await loadComparisons();
}

export async function remove(comparison: Comparison): Promise<void> {
  await attempt(async () => {
    await engine.removeComparison({ id: comparison.id });
    closeDocument(comparison.id);
    useComparisons.setState({ removed: comparison });
  });
  await loadComparisons();
}

export async function restore({ id }: Comparison): Promise<void> {
  await attempt(async () => {
    await engine.restoreComparison({ id });
    useComparisons.setState({ removed: null });
  });
  await loadComparisons();
}

export function dismissRemoved(): void {
  useComparisons.setState({ removed: null });
}

/** Changes what is given. @param names.competitor null: none */
export async function rename(
  id: string,
  names: { name?: string; competitor?: string | null },
): Promise<void> {
  await attempt(() => engine.renameComparison({ id, ...names }));
  if (useComparisons.getState().list) await loadComparisons();
}
