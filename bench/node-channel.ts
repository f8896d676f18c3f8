import type { ChildProcess, Serializable } from 'node:child_process';

/**
 * Wraps one end of the channel between a process and its child (`serialization: 'advanced'`) as the port that oRPC expects.
 */
export function nodeChannel(end: ChildProcess | NodeJS.Process) {
  return {
    on(event: string, listener: (event: { data: unknown }) => void): void {
      end.on(event === 'close' ? 'disconnect' : event, (data: unknown) => listener({ data }));
    },
    postMessage(data: Serializable): void {
      end.send?.(data);
    },
  };
}
