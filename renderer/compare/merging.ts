import { create } from 'zustand';
import type { MergeReport } from '../../electron/contract/compare.ts';
import { engine } from '../engine/client.ts';
import { toast } from '../page/toast.ts';
import { formatCounted } from '../ui/format.ts';
import { changeRows } from './deciding.ts';

/** A file of decisions that was merged, and what became of them. */
interface Merged {
  path: string;
  name: string;
  report: MergeReport;
  /** Whether decisions that differ were taken over too. */
  replaced: boolean;
}

/** The merge that is under way, or that a person has still to look at. */
export const useMerge = create<{ running: boolean; merged: Merged | null }>(() => ({
  running: false,
  merged: null,
}));

/** Takes over the decisions of a file. What has no conflict is done at once; conflicts are asked about. */
export async function mergeFile(file: File): Promise<void> {
  await merge(window.lookalike.pathForFile(file), file.name, false);
}

/** Takes over the decisions that differ from those made here. */
export async function takeTheirs(): Promise<void> {
  const { merged } = useMerge.getState();
  if (merged) await merge(merged.path, merged.name, true);
}

export function closeMerge(): void {
  useMerge.setState({ merged: null });
}

async function merge(path: string, name: string, replace: boolean): Promise<void> {
  useMerge.setState({ running: true });
  let report: MergeReport | null = null;
  const changed = await changeRows(async (id) => {
    report = await engine.mergeDecisions({ id, path, replace });
    return report.change;
  });
  useMerge.setState({ running: false, merged: null });
  if (changed && report) show({ path, name, report, replaced: replace });
}

function show(merged: Merged): void {
  const { conflicts, unused, merged: count } = merged.report;
  if (unused.length === 0 && (conflicts.length === 0 || merged.replaced)) {
    toast(`${merged.name}: ${formatCounted(count, 'decision')} taken over`);
    return;
  }
  useMerge.setState({ merged });
}
