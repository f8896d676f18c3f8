import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';

const lockFile = z.object({
  packages: z.record(
    z.string(),
    z.object({
      version: z.string().optional(),
      integrity: z.string().optional(),
      optionalDependencies: z.record(z.string(), z.string()).optional(),
    }),
  ),
});
/** The names of packages for the platforms that are shipped or used for development. */
const SHIPPED = /[-/](darwin-arm64|win32-x64(-msvc)?|linux-(x64|arm64)(-gnu)?)$/;

/** No registry at hand has these. CONTRIBUTING.md ("Check before a release") says who fills their hashes in. */
const UNHASHED = ['darwin-arm64', 'linux-arm64-gnu', 'win32-x64-msvc'].map(
  (platform) => `node_modules/@lancedb/lancedb-${platform}`,
);

const { packages } = lockFile.parse(
  JSON.parse(readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8')),
);

test('the lock file has the hash of every package but those that a release fills in', () => {
  const unhashed = Object.entries(packages).filter(([path, { integrity }]) => path !== '' && !integrity);
  expect(unhashed.map(([path]) => path).filter((path) => !UNHASHED.includes(path))).toEqual([]);
});

/**
 * npm writes the packages of other platforms into the lock file only if its registry has them, and `npm ci` installs only
 * what is in the lock file. So a binding that is missing there is missing on that platform.
 */
test('the lock file lists the native packages of every platform that ships, in the version that is asked for', () => {
  const wanted = Object.entries(packages).flatMap(([parent, { optionalDependencies = {} }]) =>
    Object.entries(optionalDependencies)
      .filter(([name]) => SHIPPED.test(name))
      .map(([name, version]) => ({
        name: `${name}@${version}`,
        locked: (packages[`${parent}/node_modules/${name}`] ?? packages[`node_modules/${name}`])?.version,
        version,
      })),
  );
  expect(wanted.filter(({ locked, version }) => locked !== version)).toEqual([]);
  const of = (scope: string) => wanted.filter(({ name }) => name.startsWith(scope));
  expect(of('@lancedb/')).toHaveLength(4);
  expect(of('@biomejs/')).toHaveLength(4);
  expect(of('@img/').length).toBeGreaterThanOrEqual(4);
});
