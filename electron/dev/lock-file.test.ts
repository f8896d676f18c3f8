import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';

const lockFile = z.object({
  packages: z.record(
    z.string(),
    z.object({
      version: z.string().optional(),
      optionalDependencies: z.record(z.string(), z.string()).optional(),
    }),
  ),
});
/** The names of packages for the platforms that are shipped or used for development. */
const SHIPPED = /[-/](darwin-arm64|win32-x64(-msvc)?|linux-(x64|arm64)(-gnu)?)$/;

/**
 * npm writes the packages of other platforms into the lock file only if its registry has them, and `npm ci` installs only
 * what is in the lock file. So a binding that is missing there is missing on that platform.
 */
test('the lock file lists the native packages of every platform that ships, in the version that is asked for', () => {
  const { packages } = lockFile.parse(
    JSON.parse(readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8')),
  );
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
