/**
 * What helps when a native library cannot be loaded, and what the system says of it.
 *
 * Windows says only that a module was not found: which one it does not say. A clean one has no Visual C++ runtime.
 * @param cause why it could not be loaded; what LanceDB throws speaks of npm, and has the system's error as its cause
 */
export function libraryRemedy(cause: unknown): { remedy: 'visual-cpp' | 'reinstall'; said: string } {
  const error = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  const said = error instanceof Error ? error.message : String(error);
  return { remedy: process.platform === 'win32' ? 'visual-cpp' : 'reinstall', said };
}
