import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** The traced system calls: those that make connections and files. Reading files and using open sockets is not traced. */
const CALLS = [
  'socket,connect,bind,sendto,sendmsg,sendmmsg',
  'open,openat,openat2,creat,mkdir,mkdirat,mknod,mknodat',
  'rename,renameat,renameat2,link,linkat,symlink,symlinkat',
].join(',');

/** A program and all its processes, as the system saw them. */
export interface Traced {
  /** Number of internet sockets, connected or not. */
  internetSockets: number;
  /** Addresses that something was sent or connected to, as `127.0.0.1:8080`: each once, sorted. */
  destinations: string[];
  /** Addresses that sockets were bound to, without the port. */
  listening: string[];
  /** Unix sockets that were connected to; name services may be behind them. */
  unixSockets: string[];
  /** Every path that was opened for writing, created, renamed or linked to. Absolute, each once, sorted. */
  written: string[];
}

/** strace for one program: run `command` instead of the program; `read` returns the records once it has ended. */
export class Strace {
  readonly #folder: string;

  /** @param folder for the records: one file per thread, so that calls of different threads are not mixed */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The command line that traces `program`. */
  async command(program: string, args: string[] = []): Promise<[string, ...string[]]> {
    await mkdir(this.#folder, { recursive: true });
    // -y prints the folder behind a descriptor. Only traced calls stop the program (--seccomp-bpf).
    const options = ['-ff', '--seccomp-bpf', '-qq', '-y', '-s', '4096', '-e', `trace=${CALLS}`];
    return ['strace', ...options, '-o', path.join(this.#folder, 'thread'), '--', program, ...args];
  }

  /** An executable that traces `program`, for callers that can only start one file. */
  async executable(program: string): Promise<string> {
    const quoted = (await this.command(program)).map((word) => `'${word.replaceAll("'", `'\\''`)}'`);
    const script = path.join(this.#folder, 'traced.sh');
    await writeFile(script, `#!/bin/sh\nexec ${quoted.join(' ')} "$@"\n`);
    await chmod(script, 0o755);
    return script;
  }

  async read(): Promise<Traced> {
    const names = (await readdir(this.#folder)).filter((name) => name.startsWith('thread.'));
    if (names.length === 0) throw new Error(`strace left no record in ${this.#folder}.`);
    const records = await Promise.all(names.map((name) => readFile(path.join(this.#folder, name), 'utf8')));
    const lines = records.flatMap((record) => record.split('\n'));
    const outgoing = lines.filter((line) => /^(connect|sendto|sendmsg|sendmmsg)\(/.test(line));
    return {
      internetSockets: lines.filter((line) => /^socket\(AF_INET6?,/.test(line)).length,
      destinations: unique(outgoing.flatMap(addresses)),
      listening: unique(lines.filter((line) => line.startsWith('bind(')).flatMap(addresses), (address) =>
        address.replace(/:\d+$/, ''),
      ),
      unixSockets: unique(
        outgoing.flatMap((line) => /sa_family=AF_UNIX, sun_path=@?"([^"]*)"/.exec(line)?.[1] ?? []),
      ),
      written: unique(lines.flatMap(writtenPaths)),
    };
  }
}

const unique = (values: string[], of: (value: string) => string = (value) => value) =>
  [...new Set(values.map(of))].sort();

/** The internet addresses in a call. A socket of another family than unix, netlink and internet is listed by its family. */
function addresses(call: string): string[] {
  return [...call.matchAll(/\{sa_family=(\w+)([^}]*)\}/g)].flatMap(([, family, rest = '']) => {
    const port = /sin6?_port=htons\((\d+)\)/.exec(rest)?.[1];
    const host = /(?:inet_addr\(|inet_pton\(AF_INET6, )"([^"]+)"/.exec(rest)?.[1];
    if (host) return [`${host}:${port}`];
    return ['AF_UNIX', 'AF_NETLINK', 'AF_UNSPEC'].includes(family ?? '') ? [] : [`${family}${rest}`];
  });
}

/** The files that a successful call created, or opened for writing. */
function writtenPaths(call: string): string[] {
  const [, name = '', args = '', result = ''] = /^(\w+)\((.*)\)\s+= (-?\d+)/.exec(call) ?? [];
  if (result === '' || result.startsWith('-')) return [];
  if (name.startsWith('open') && !/O_(WRONLY|RDWR|CREAT|TRUNC)/.test(args)) return [];
  if (!/^(open|creat|mk|rename|link|symlink)/.test(name)) return [];
  // The last path is the created one. The folder that it is relative to, if any, precedes it.
  const [, folder, file = ''] = /.*?(?:<([^">]*)>, )?"((?:[^"\\]|\\.)*)"[^"]*$/.exec(args) ?? [];
  return [path.resolve(folder ?? '/', unescaped(file))];
}

/** strace prints bytes that are not ASCII in octal. */
function unescaped(text: string): string {
  const bytes = text.replace(/\\([0-7]{1,3})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
  return Buffer.from(bytes.replace(/\\(.)/g, '$1'), 'latin1').toString('utf8');
}
