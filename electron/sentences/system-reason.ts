/** The system's reason why something cannot be read, in words, by its code. */
export function systemReason(code: string): string {
  if (code === 'EACCES' || code === 'EPERM') return 'this user may not read it';
  return code === 'ENOENT' ? 'it is not there' : code;
}
