import { readFile } from 'node:fs/promises';
import { protocol } from 'electron';
import { PAGE_SCHEME } from '../contract/shell.ts';
import { pageFile } from './page-files.ts';

/** The page runs its own scripts, shows pictures that it holds in memory, and reaches nothing outside. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  // Radix's modal dialog locks scrolling with a <style> element whose text varies, so it cannot be hashed. The other lines
  // block everything that a style could fetch.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' blob: data:",
  "font-src 'self'",
  "connect-src 'self' blob:",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** Must run before the app is ready: Electron fixes the privileges of a scheme at start-up. */
export function registerPageScheme(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: PAGE_SCHEME,
      privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
    },
  ]);
}

/** Serves the built page from `root`, and nothing else. */
export function servePage(root: string): void {
  protocol.handle(PAGE_SCHEME, async (request) => {
    const file = request.method === 'GET' ? pageFile(root, request.url) : null;
    const body = file && (await readFile(file.path).catch(() => null));
    if (!file || !body) return new Response('Not found', { status: 404 });
    return new Response(new Uint8Array(body), {
      headers: {
        'Content-Type': file.mimeType,
        'Content-Security-Policy': CONTENT_SECURITY_POLICY,
        'X-Content-Type-Options': 'nosniff',
      },
    });
  });
}
