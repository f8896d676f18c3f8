import { globSync } from 'node:fs';
import path from 'node:path';
import { type AfterPackContext, Arch } from 'electron-builder';
import { addRuntime, missingLibraries } from './windows-imports.ts';

/**
 * The environment variable with the folder of the Visual C++ runtime's DLLs, on the machine that packages for Windows; see
 * `addRuntime`.
 */
const RUNTIME_VARIABLE = 'LOOKALIKE_VC_RUNTIME';

/**
 * electron-builder's last step before it signs the app and makes installers. It completes the package, and refuses one that
 * would work here and fail elsewhere.
 * @throws when the package lacks a native binding of its target, or a library that a clean Windows does not have; when a
 * path in it would be too long for Windows; and for a Mac release that could not be notarised
 */
export default function afterPack(context: AfterPackContext): void {
  const platform = context.electronPlatformName;
  const target = `${platform}-${Arch[context.arch] ?? ''}`;
  const resources = context.packager.getResourcesDir(context.appOutDir);
  const modules = path.join(resources, 'app.asar.unpacked', 'node_modules');
  const bindings = missingBindings(modules, platform, Arch[context.arch] ?? '');
  if (bindings.length > 0) {
    throw new Error(`The package for ${target} lacks ${bindings.join(', ')}. Build it on that platform.`);
  }
  if (platform === 'darwin' && context.packager.forceCodeSigning && !canNotarise(process.env)) {
    throw new Error(
      `A release for ${target} is notarised: set APPLE_API_KEY, APPLE_API_KEY_ID and APPLE_API_ISSUER, or one of the other ways in CONTRIBUTING.md.`,
    );
  }
  if (platform !== 'win32') return;
  const runtime = process.env[RUNTIME_VARIABLE];
  const libraries = runtime ? addRuntime(context.appOutDir, runtime) : missingLibraries(context.appOutDir);
  if (libraries.length > 0) {
    const names = libraries.map(({ neededBy, library }) => `${library} (for ${path.basename(neededBy)})`);
    throw new Error(
      `The package for ${target} needs what a clean Windows does not have: ${names.join(', ')}. Set ${RUNTIME_VARIABLE} to the folder of Visual Studio that holds the runtime's DLLs: VC\\Redist\\MSVC\\<version>\\x64\\Microsoft.VC<nnn>.CRT.`,
    );
  }
  const tooLong = pathsTooLongForWindows(context.appOutDir);
  if (tooLong.length > 0) {
    throw new Error(`Windows could not read these files where the app is installed: ${tooLong.join(', ')}.`);
  }
}

/**
 * The native bindings for `platform` and `arch` (Node's names) that are missing from `modules`, a node_modules folder. npm
 * installs only those of the machine it runs on. An app without a binding starts, and fails at the first search.
 */
export function missingBindings(modules: string, platform: string, arch: string): string[] {
  const libc = platform === 'linux' ? '-gnu' : platform === 'win32' ? '-msvc' : '';
  const bindings = [
    `onnxruntime-node/bin/napi-v*/${platform}/${arch}/onnxruntime_binding.node`,
    `@lancedb/lancedb-${platform}-${arch}${libc}/*.node`,
    // Under Electron on Linux, sharp's native build corrupts memory (electron#46323), so the WebAssembly build is used.
    platform === 'linux' ? '@img/sharp-wasm32/lib/*.wasm' : `@img/sharp-${platform}-${arch}/lib/*.node`,
    // The Windows package of sharp contains libvips itself.
    ...(platform === 'darwin' ? [`@img/sharp-libvips-darwin-${arch}/lib/*.dylib`] : []),
  ];
  return bindings.filter((binding) => globSync(binding, { cwd: modules }).length === 0);
}

/** electron-builder's ways to notarise (`MacTargetHelper.getNotarizeOptions`). Without any of them it would only warn. */
const NOTARISATION = [
  ['APPLE_API_KEY', 'APPLE_API_KEY_ID', 'APPLE_API_ISSUER'],
  ['APPLE_ID', 'APPLE_APP_SPECIFIC_PASSWORD', 'APPLE_TEAM_ID'],
  ['APPLE_KEYCHAIN_PROFILE'],
];

/** Whether the environment has the credentials for one way of notarising. */
export function canNotarise(environment: NodeJS.ProcessEnv): boolean {
  return NOTARISATION.some((names) => names.every((name) => environment[name]));
}

/** MAX_PATH without its final NUL: ONNX Runtime and LanceDB open files without the prefix that lifts the limit. */
const LONGEST_WINDOWS_PATH = 259;
/**
 * Where the installer puts the app for one user. A user's folder is named after the account (20 characters) and sometimes
 * its domain (15).
 */
const INSTALLED_IN = `C:\\Users\\${'u'.repeat(20)}.${'d'.repeat(15)}\\AppData\\Local\\Programs\\Lookalike\\`;

/** The files of a package that an ordinary Windows program could not open once they are installed. */
export function pathsTooLongForWindows(appFolder: string): string[] {
  const most = LONGEST_WINDOWS_PATH - INSTALLED_IN.length;
  return globSync('**/*', { cwd: appFolder }).filter((file) => file.length > most);
}
