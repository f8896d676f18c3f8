import { create } from 'zustand';
import type { ExportFormat } from '../../electron/contract/compare.ts';
import { engine } from '../engine/client.ts';
import { usePreferences } from '../page/preferences.ts';
import { toast } from '../page/toast.ts';
import { formatBytes, formatCounted } from '../ui/format.ts';
import { fail, useDocument } from './open-document.ts';

/** The file that is being written. */
export const useExport = create<{ running: ExportFormat | null }>(() => ({ running: null }));

/** Asks for a path, then writes the open document there. @param filtered only the rows that the table shows */
export async function exportDocument(format: ExportFormat, filtered: boolean): Promise<void> {
  const { id, state, filters } = useDocument.getState();
  if (id === null || !state) return;
  const name = state.comparison.name.replace(/[/\\:*?"<>|]+/g, '-').slice(0, 150);
  const suggested = format === 'handoff' ? `${name} hand-off.html` : `${name}.${format}`;
  const path = await window.lookalike.chooseSavePath(suggested);
  if (path === null) return;
  useExport.setState({ running: format });
  try {
    const written = await engine.exportComparison({
      ...{ id, path, format, keys: usePreferences.getState().reviewKeys },
      ...(filtered && { filters }),
    });
    const file = written.path.split(/[/\\]/).at(-1) ?? written.path;
    toast(`${file} is saved: ${formatCounted(written.rows, 'picture')}, ${formatBytes(written.bytes)}`);
  } catch (thrown) {
    fail(id, thrown);
  } finally {
    useExport.setState({ running: null });
  }
}
