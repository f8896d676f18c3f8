/** The system's reason why something cannot be read, in words, by its code. */
export function systemReason(code: string): string {
  if (code === 'EACCES' || code === 'EPERM') return 'this user may not read it';
  return code === 'ENOENT' ? 'it is not there' : code;
}

/** What helps when a native library could not be loaded. @param said by the system */
export function howToLoad(remedy: 'visual-cpp' | 'reinstall', said: string): string {
  const what =
    remedy === 'visual-cpp'
      ? 'Install the Microsoft Visual C++ Redistributable from Microsoft, then start Lookalike again'
      : 'Install Lookalike again';
  const [first = ''] = said.split('\n');
  return `${what}. The system said: ${first}`;
}
