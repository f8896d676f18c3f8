import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** What makes connections and names in the file system. Reading files and talking on open sockets is not traced. */
const CALLS = [
  'socket,connect,bind,sendto,sendmsg,sendmmsg',
  'open,openat,openat2,creat,mkdir,mkdirat,mknod,mknodat',
  'rename,renameat,renameat2,link,linkat,symlink,symlinkat',
].join(',');

/** A program and all its processes, as the system saw them. */
export interface Traced {
  /** Internet sockets made, connected or not. */
  internetSockets: number;
  /** Where something was sent or connected to, as `127.0.0.1:8080`: each address once, sorted. */
  destinations: string[];
  /** Where a socket was bound, in the same form, with the port left out. */
  listening: string[];
  /** Unix sockets connected to, which name services may stand behind. */
  unixSockets: string[];
  /** Every path that was opened for writing, made, or renamed or linked to. Absolute, each once, sorted. */
  written: string[];
}

/** strace for one program: `command` is to be run in front of it, `read` tells what it did once it has ended. */
export class Strace {
  readonly #folder: string;

  /** @param folder for the records: one file a thread, so that no call is broken by another's. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The command line that traces `program`. */
  async command(program: string, args: string[] = []): Promise<[string, ...string[]]> {
    await mkdir(this.#folder, { recursive: true });
    // -y names the folder behind a descriptor. Only calls that are traced stop the program (--seccomp-bpf).
    const options = ['-ff', '--seccomp-bpf', '-qq', '-y', '-s', '4096', '-e', `trace=${CALLS}`];
    return ['strace', ...options, '-o', path.join(this.#folder, 'thread'), '--', program, ...args];
  }

  /** A program of its own that traces `program`, for those who can only start one file. */
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

/** The internet addresses in a call. Anything but unix, netlink and internet sockets is told by its family. */
function addresses(call: string): string[] {
  return [...call.matchAll(/\{sa_family=(\w+)([^}]*)\}/g)].flatMap(([, family, rest = '']) => {
    const port = /sin6?_port=htons\((\d+)\)/.exec(rest)?.[1];
    const host = /(?:inet_addr\(|inet_pton\(AF_INET6, )"([^"]+)"/.exec(rest)?.[1];
    if (host) return [`${host}:${port}`];
    return ['AF_UNIX', 'AF_NETLINK', 'AF_UNSPEC'].includes(family ?? '') ? [] : [`${family}${rest}`];
  });
}

/** What a call that succeeded made, or opened to be written. */
function writtenPaths(call: string): string[] {
  const [, name = '', args = '', result = ''] = /^(\w+)\((.*)\)\s+= (-?\d+)/.exec(call) ?? [];
  if (result === '' || result.startsWith('-')) return [];
  if (name.startsWith('open') && !/O_(WRONLY|RDWR|CREAT|TRUNC)/.test(args)) return [];
  if (!/^(open|creat|mk|rename|link|symlink)/.test(name)) return [];
  // The last path is the one that is made. Before it the folder that it is relative to, if any.
  const [, folder, file = ''] = /.*?(?:<([^">]*)>, )?"((?:[^"\\]|\\.)*)"[^"]*$/.exec(args) ?? [];
  return [path.resolve(folder ?? '/', unescaped(file))];
}

/** strace writes bytes that are not ASCII in octal. */
function unescaped(text: string): string {
  const bytes = text.replace(/\\([0-7]{1,3})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
  return Buffer.from(bytes.replace(/\\(.)/g, '$1'), 'latin1').toString('utf8');
}
