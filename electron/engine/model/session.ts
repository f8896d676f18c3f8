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
 * Options of a session. ONNX Runtime lets the processor run those parts of a graph that a provider does not support.
 *
 * Idle threads of ONNX Runtime spin long after a run, waiting for work. By default they kept a core from whatever came next:
 * a query right after another process's run took 92 ms, and 59 ms with this limit. Pauses within a run are shorter than the
 * limit.
 *
 * @param spared cores that are left to others, where there are more
 */
export function sessionOptions(provider: ProviderId, spared = 0): InferenceSession.SessionOptions {
  const threads = Math.min(fullCores(process, readSystem), availableParallelism(), MOST_THREADS);
  return {
    // Only this one: with 'cpu' beside it, ONNX Runtime would skip an unavailable provider silently.
    executionProviders: [provider],
    intraOpNumThreads: Math.max(1, threads - spared),
    interOpNumThreads: 1,
    // DirectML does not support it: https://onnxruntime.ai/docs/execution-providers/DirectML-ExecutionProvider.html
    enableMemPattern: provider !== 'dml',
    extra: { session: { intra_op: { spin_duration_us: '1000' } } },
  };
}

/**
 * The providers of this platform's ONNX Runtime, the processor first. CUDA comes in a library of its own, which must have
 * been installed beside the runtime's.
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

/** Reads properties of the system. Throws when the system does not know them. */
export interface SystemReader {
  logicalCores(): number;
  /** One text for each logical core; the cores of one physical core have the same text. */
  linuxSiblings(): string[];
  /** A number by its name in macOS' sysctl. */
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
 * The number of physical cores of full speed, which is the number of threads to use. More threads than cores cost time:
 * ViT-B/32 on 2 cores takes 63 ms a picture on one thread, 38 on two, 71 on three. Two threads of one core share the units
 * that a matrix product needs most, so cores count and not threads. Linux reports the cores; elsewhere x64 is taken to have
 * two threads a core and ARM one.
 *
 * Apple silicon has slow cores beside the fast ones. ONNX Runtime gives every thread the same share of a matrix product, so
 * slow cores would delay the others. `hw.perflevel0` are the fast ones
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
