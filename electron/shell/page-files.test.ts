import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pageFile } from './page-files.ts';

const root = path.resolve('/app/dist/renderer');

test.each([
  ['lookalike://app/', 'index.html', 'text/html; charset=utf-8'],
  ['lookalike://app/index.html?reload#top', 'index.html', 'text/html; charset=utf-8'],
  ['lookalike://app/assets/a%20b.js', 'assets/a b.js', 'text/javascript; charset=utf-8'],
  ['lookalike://app/assets/inter.woff2', 'assets/inter.woff2', 'font/woff2'],
])('%s is the file %s', (url, file, mimeType) => {
  expect(pageFile(root, url)).toEqual({ path: path.join(root, file), mimeType });
});

test.each([
  'lookalike://app/..%2fmain.js',
  'lookalike://app/assets/..%2f..%2fmain.js',
  'lookalike://app/..%2frenderer-old%2findex.js',
  'lookalike://app/%00.js',
  'lookalike://app/%ff.js',
  'lookalike://app/assets/main.js.map',
  'lookalike://app/assets/',
  'lookalike://elsewhere/index.html',
  'lookalike://app:80/index.html',
  'file:///app/dist/renderer/index.html',
  'https://app/index.html',
  'not a url',
])('%s is not one of the page’s files', (url) => {
  expect(pageFile(root, url)).toBeNull();
});

test.each(['lookalike://app/../main.js', 'lookalike://app/%2e%2e/main.js'])('%s stays in the root', (url) => {
  expect(pageFile(root, url)?.path).toBe(path.join(root, 'main.js'));
});

test('no path leads outside the root', () => {
  const step = fc.constantFrom(
    '..',
    '.',
    '%2e%2e',
    '%2f',
    '%5c',
    '\\',
    '/',
    'assets',
    'main.js',
    '%252e',
    '//',
  );
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const file = pageFile(root, `lookalike://app/${steps.join('/')}`);
      expect(file === null || file.path.startsWith(root + path.sep)).toBe(true);
    }),
  );
});
