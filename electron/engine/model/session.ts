import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, cpus } from 'node:os';
import { dirname, join } from 'node:path';
import type { ProviderId } from '../../contract/models.ts';
import { type InferenceSession, loadOnnxRuntime } from './onnx-runtime.ts';

export const PROVIDER_NAMES: Record<ProviderId, string> = {
  cpu: 'CPU',
  coreml: 'CoreML',
  dml: 'DirectML',
  cuda: 'CUDA',
  webgpu: 'WebGPU',
};

const MOST_THREADS = 8;

/**
 * How a session is run. What a provider cannot do of a graph, ONNX Runtime lets the processor do.
 *
 * Idle threads of ONNX Runtime spin, waiting for work, long after a run: by default they kept a core from whatever came
 * next (a query right after another process's run took 92 ms, with this limit 59). Within a run the pauses are shorter.
 */
export function sessionOptions(provider: ProviderId): InferenceSession.SessionOptions {
  return {
    // Alone: with 'cpu' beside it, one that is not to be had would be left out without a word.
    executionProviders: [provider],
    intraOpNumThreads: Math.min(fullCores(process, readSystem), availableParallelism(), MOST_THREADS),
    interOpNumThreads: 1,
    // DirectML does not allow it: https://onnxruntime.ai/docs/execution-providers/DirectML-ExecutionProvider.html
    enableMemPattern: provider !== 'dml',
    extra: { session: { intra_op: { spin_duration_us: '1000' } } },
  };
}

/**
 * What this platform's ONNX Runtime has, the processor first. CUDA comes in a library of its own, which has to have been
 * put beside the runtime's.
 */
export async function offeredProviders(): Promise<ProviderId[]> {
  const { listSupportedBackends } = await loadOnnxRuntime();
  const has = new Set(listSupportedBackends().map(({ name }) => name));
  const offered = (['coreml', 'dml', 'cuda', 'webgpu'] as const).filter((id) => has.has(id));
  return ['cpu', ...offered.filter((id) => id !== 'cuda' || existsSync(cudaLibrary()))];
}

function cudaLibrary(): string {
  const entry = createRequire(import.meta.url).resolve('onnxruntime-node');
  const file =
    process.platform === 'win32' ? 'onnxruntime_providers_cuda.dll' : 'libonnxruntime_providers_cuda.so';
  return join(dirname(entry), '..', 'bin/napi-v6', process.platform, process.arch, file);
}

/** What is asked of the system. Throws where the system does not know. */
export interface SystemReader {
  logicalCores(): number;
  /** Of each logical core, a text that those of one physical core share. */
  linuxSiblings(): string[];
  /** A number by its name, as macOS' sysctl gives it. */
  sysctl(name: string): number;
}

const readSystem: SystemReader = {
  logicalCores: () => cpus().length,
  linuxSiblings: () => {
    const folder = '/sys/devices/system/cpu';
    return readdirSync(folder)
      .filter((name) => /^cpu\d+$/.test(name))
      .map((name) => readFileSync(join(folder, name, 'topology/thread_siblings_list'), 'utf8'));
  },
  sysctl: (name) => Number(execFileSync('/usr/sbin/sysctl', ['-n', name], { encoding: 'utf8' })),
};

/**
 * How many cores of the same, full speed there are. A thread more than there are cores costs more than it brings: ViT-B/32
 * on 2 cores takes 63 ms a picture on one thread, 38 on two, 71 on three. Two threads of one core share what a matrix
 * product needs most, so cores are what counts: read on Linux, elsewhere taken to have two threads each on x64 and one on
 * ARM. Apple silicon has slow cores beside the fast ones; ONNX Runtime gives every thread the same share of a matrix
 * product, so the slow ones would hold up the others: `hw.perflevel0` are the fast ones
 * (https://developer.apple.com/documentation/kernel/1387446-sysctlbyname/determining_system_capabilities).
 */
export function fullCores(
  { platform, arch }: Pick<NodeJS.Process, 'platform' | 'arch'>,
  system: SystemReader,
): number {
  const logical = system.logicalCores();
  try {
    if (platform === 'linux') return new Set(system.linuxSiblings()).size || logical;
    if (platform === 'darwin' && arch === 'arm64')
      return system.sysctl('hw.perflevel0.physicalcpu') || logical;
  } catch {
    return logical;
  }
  return arch === 'x64' ? Math.ceil(logical / 2) : logical;
}
