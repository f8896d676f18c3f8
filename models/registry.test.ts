import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');

/** npm uses the registry that its user has configured. A host name in a file would replace that one. */
const REGISTRIES = [
  ['registry', 'npmjs', 'org'],
  ['registry', 'yarnpkg', 'com'],
  ['registry', 'npmmirror', 'com'],
  ['npm', 'pkg', 'github', 'com'],
  ['npm', 'jsr', 'io'],
].map((labels) => labels.join('.'));

/** The tracked files that contain one of some texts. */
function holding(texts: string[]): string[] {
  const patterns = texts.flatMap((text) => ['-e', text]);
  const found = spawnSync('git', ['grep', '-lIF', ...patterns], { cwd: root, encoding: 'utf8' });
  // git's exit code 1 means no match.
  if (found.status !== 0 && found.status !== 1) throw new Error(found.stderr);
  return found.stdout.split('\n').filter(Boolean);
}

test('no registry’s host stands in the repository', () => {
  expect(holding(['"lockfileVersion"'])).toContain('package-lock.json');
  expect(holding(REGISTRIES)).toEqual([]);
});

test('the lock file holds no addresses', () => {
  expect(readFileSync(join(root, 'package-lock.json'), 'utf8')).not.toContain('"resolved"');
});
