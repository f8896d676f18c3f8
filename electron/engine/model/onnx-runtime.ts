import { isMainThread } from 'node:worker_threads';
import { LookalikeError } from '../../contract/errors.ts';
import { libraryRemedy } from '../files/library-remedy.ts';

export type { InferenceSession, Tensor } from 'onnxruntime-node';
export type OnnxRuntime = typeof import('onnxruntime-node');

/**
 * Loads ONNX Runtime with its telemetry off. No other file may import onnxruntime-node; the lint rule `onnx-runtime.grit`
 * enforces this.
 *
 * By default the library writes a device id and events to `~/.cache/Microsoft` and sends them, with the path of the program,
 * to a Microsoft host (seen in 1.30 on Linux; the macOS library has the same code). It reads the environment variable once,
 * when it is loaded. The Windows library has no such code; it only writes events to Windows' own tracing.
 * @throws Error on a worker thread, where `process.env` is a copy that the native library does not see; LookalikeError
 * MODEL_LIBRARY_MISSING when the library cannot be loaded on this machine
 */
export async function loadOnnxRuntime(): Promise<OnnxRuntime> {
  if (!isMainThread) throw new Error('ONNX Runtime must be loaded on the main thread.');
  process.env.ORT_DISABLE_TELEMETRY = '1';
  try {
    return await import('onnxruntime-node');
  } catch (cause) {
    throw new LookalikeError({ code: 'MODEL_LIBRARY_MISSING', params: libraryRemedy(cause) }, { cause });
  }
}
