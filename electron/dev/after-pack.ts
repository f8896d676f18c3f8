import { globSync } from 'node:fs';
import path from 'node:path';
import { type AfterPackContext, Arch } from 'electron-builder';

/**
 * electron-builder's last step before it makes installers.
 * @throws when the package lacks a native binding of its target: npm installs only those of the machine it runs
 * on, and an app without one starts, and fails at the first search.
 */
export default function afterPack(context: AfterPackContext): void {
  const resources = context.packager.getResourcesDir(context.appOutDir);
  const modules = path.join(resources, 'app.asar.unpacked', 'node_modules');
  const arch = Arch[context.arch] ?? '';
  const missing = missingBindings(modules, context.electronPlatformName, arch);
  if (missing.length > 0) {
    throw new Error(
      `The package for ${context.electronPlatformName}-${arch} lacks ${missing.join(', ')}. Build it on that platform.`,
    );
  }
}

/** The native bindings for `platform` and `arch` (as Node names them) that `modules`, a node_modules folder, lacks. */
export function missingBindings(modules: string, platform: string, arch: string): string[] {
  const libc = platform === 'linux' ? '-gnu' : platform === 'win32' ? '-msvc' : '';
  const bindings = [
    `onnxruntime-node/bin/napi-v*/${platform}/${arch}/onnxruntime_binding.node`,
    `@lancedb/lancedb-${platform}-${arch}${libc}/*.node`,
    // Under Electron on Linux sharp's native build corrupts memory (electron#46323): the WebAssembly one is used.
    platform === 'linux' ? '@img/sharp-wasm32/lib/*.wasm' : `@img/sharp-${platform}-${arch}/lib/*.node`,
  ];
  return bindings.filter((binding) => globSync(binding, { cwd: modules }).length === 0);
}
