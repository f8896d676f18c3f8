/** Whether there is a process of that id now. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    // EPERM: it runs, as somebody else.
    return cause instanceof Error && 'code' in cause && cause.code === 'EPERM';
  }
}
