import { copyFileSync, globSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** `IMAGE_DOS_HEADER.e_lfanew`; offsets in the headers are Microsoft's: https://learn.microsoft.com/windows/win32/debug/pe-format */
const PE_OFFSET = 0x3c;
const PE_SIGNATURE = 0x4550;
/** The offset of the import directory (the second directory) in the optional header, by the header's magic number. */
const IMPORT_DIRECTORY = new Map([
  [0x10b, 96 + 8],
  [0x20b, 112 + 8],
]);

/**
 * The libraries in the import table of a Windows program or library (.exe, .dll, .node), without which it cannot be loaded.
 * Delayed imports are left out: Windows looks for them at the first call, and most Node addons import node.exe in this way,
 * which is whatever program they run in.
 * @throws when the bytes are not a Windows program
 */
export function importedLibraries(program: Buffer): string[] {
  const pe = program.length > PE_OFFSET + 4 ? program.readUInt32LE(PE_OFFSET) : program.length;
  if (pe + 24 > program.length || program.readUInt32LE(pe) !== PE_SIGNATURE)
    throw new Error('This is not a Windows program.');
  const optional = pe + 24;
  const directory = IMPORT_DIRECTORY.get(program.readUInt16LE(optional));
  if (directory === undefined) throw new Error('This is not a Windows program.');
  const sections = optional + program.readUInt16LE(pe + 20);
  const sectionCount = program.readUInt16LE(pe + 6);

  /** The offset in the file of an address in memory. */
  function inFile(address: number): number {
    for (let i = 0; i < sectionCount; i++) {
      const section = sections + 40 * i;
      const start = program.readUInt32LE(section + 12);
      if (address >= start && address < start + program.readUInt32LE(section + 16))
        return address - start + program.readUInt32LE(section + 20);
    }
    throw new Error('An import of this program lies outside of its sections.');
  }

  const table = program.readUInt32LE(optional + directory);
  if (table === 0) return [];
  const names: string[] = [];
  for (let entry = inFile(table); ; entry += 20) {
    const name = program.readUInt32LE(entry + 12);
    if (name === 0) return names;
    const start = inFile(name);
    names.push(program.toString('latin1', start, program.indexOf(0, start)));
  }
}

/** API sets, which Windows maps to its own libraries. */
const API_SET = /^(api|ext)-ms-/;

/**
 * Libraries that every Windows 10 and 11 has in System32. The Visual C++ runtime (vcruntime140.dll, msvcp140.dll, ...) is
 * not among them: a clean PC does not have it.
 */
const OF_THE_SYSTEM = new Set(
  `advapi32 avrt bcrypt bcryptprimitives cfgmgr32 combase comctl32 comdlg32 credui crypt32 cryptbase cryptui d2d1 d3d9 d3d11
  d3d12 dbgeng dbghelp dcomp dhcpcsvc dnsapi dwmapi dwrite dxgi dxva2 esent fwpuclnt gdi32 gdiplus hid imm32 iphlpapi kernel32
  kernelbase ksuser mf mfplat mfreadwrite mmdevapi msacm32 msi msimg32 mswsock ncrypt netapi32 normaliz ntdll ole32 oleacc
  oleaut32 opengl32 pdh powrprof propsys psapi rpcrt4 secur32 setupapi shcore shell32 shlwapi sspicli ucrtbase uiautomationcore
  urlmon user32 userenv usp10 uxtheme version wevtapi winhttp wininet winmm winspool.drv wintrust winusb wldap32 ws2_32
  wtsapi32`
    .split(/\s+/)
    .map((name) => (name.includes('.') ? name : `${name}.dll`)),
);

/** A library that another one needs, and that is neither beside that one nor a part of Windows. */
export interface MissingLibrary {
  /** A path relative to the package's folder. */
  neededBy: string;
  library: string;
}

/**
 * The libraries that a packaged app for Windows needs and a clean PC does not have. A library must be in the same folder as
 * the one that needs it: Node loads addons with LOAD_WITH_ALTERED_SEARCH_PATH, so Windows looks there and in System32, but
 * not beside the program.
 */
export function missingLibraries(appFolder: string): MissingLibrary[] {
  return globSync('**/*.{dll,node}', { cwd: appFolder }).flatMap((neededBy) => {
    const file = path.join(appFolder, neededBy);
    const beside = new Set(readdirSync(path.dirname(file)).map((name) => name.toLowerCase()));
    return importsOf(file)
      .filter((library) => {
        const name = library.toLowerCase();
        return !(API_SET.test(name) || OF_THE_SYSTEM.has(name) || beside.has(name));
      })
      .map((library) => ({ neededBy, library }));
  });
}

/**
 * Copies missing libraries, and those that they need in turn, from `runtimeFolder` beside the libraries that need them.
 * @param runtimeFolder Visual Studio's `VC/Redist/MSVC/<version>/<arch>/Microsoft.VC<nnn>.CRT`, whose files may be
 * redistributed in this way
 * @returns what is still missing
 */
export function addRuntime(appFolder: string, runtimeFolder: string): MissingLibrary[] {
  const runtime = new Map(
    readdirSync(runtimeFolder).map((name) => [name.toLowerCase(), path.join(runtimeFolder, name)]),
  );
  for (;;) {
    const missing = missingLibraries(appFolder);
    const found = missing.filter(({ library }) => runtime.has(library.toLowerCase()));
    if (found.length === 0) return missing;
    for (const { neededBy, library } of found) {
      const file = runtime.get(library.toLowerCase());
      if (file) copyFileSync(file, path.join(appFolder, path.dirname(neededBy), library));
    }
  }
}

function importsOf(file: string): string[] {
  try {
    return importedLibraries(readFileSync(file));
  } catch (cause) {
    throw new Error(`${file} cannot be loaded on Windows.`, { cause });
  }
}
