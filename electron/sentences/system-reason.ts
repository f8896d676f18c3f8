/** In words why the system does not let something be read, by its code. */
export function systemReason(code: string): string {
  if (code === 'EACCES' || code === 'EPERM') return 'this user may not read it';
  return code === 'ENOENT' ? 'it is not there' : code;
}
