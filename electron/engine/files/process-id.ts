/** Whether a process with this id is running. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    // EPERM: the process is running, as another user.
    return cause instanceof Error && 'code' in cause && cause.code === 'EPERM';
  }
}
