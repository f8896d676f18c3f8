import { readdir, readFile } from 'node:fs/promises';

/** The resources of one process of the app. */
export interface ProcessUse {
  name: string;
  /** Memory in MB: resident, and proportional (shared memory divided among its users). */
  rss: number;
  pss: number;
  /** Open file descriptors. */
  handles: number;
}

/**
 * The app's processes by their role. Linux only: it reads /proc.
 * @param main the process id of the main process
 */
export async function processUse(main: number): Promise<ProcessUse[]> {
  const found: ProcessUse[] = [];
  for (const pid of await family(main)) {
    // A process may end while it is read.
    const use = await readUse(pid, pid === main).catch(() => null);
    if (use) found.push(use);
  }
  return found;
}

async function readUse(pid: number, isMain: boolean): Promise<ProcessUse | null> {
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8');
  const name = isMain ? 'main' : nameOf(command);
  if (!name) return null;
  const memory = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8');
  const megabytes = (field: string) =>
    Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(memory)?.[1]) / 1024;
  const handles = await readdir(`/proc/${pid}/fd`);
  return { name, rss: megabytes('Rss'), pss: megabytes('Pss'), handles: handles.length };
}

function nameOf(command: string): string | null {
  const type = /--type=([\w-]+)/.exec(command)?.[1];
  if (type === 'renderer') return 'page';
  if (type === 'gpu-process') return 'gpu';
  if (type !== 'utility') return null;
  return command.includes('node.mojom.NodeService') ? 'engine' : 'network';
}

/** A process and all its descendants. */
async function family(main: number): Promise<number[]> {
  const parents = new Map<number, number>();
  for (const entry of await readdir('/proc')) {
    const pid = Number(entry);
    if (!Number.isInteger(pid)) continue;
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    // After the command in parentheses, which may contain anything: the state, then the parent's id.
    parents.set(pid, Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
  }
  const belongs = (pid: number | undefined): boolean =>
    pid !== undefined && pid > 1 && (pid === main || belongs(parents.get(pid)));
  return [...parents.keys()].filter(belongs);
}
