import path from 'node:path';
import { PAGE_ORIGIN } from '../contract/shell.ts';

/** The types of the page's files. A file of another type is not served. */
const MIME_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};

export interface PageFile {
  path: string;
  mimeType: string;
}

/** The file below `root` for a URL of the page; null for anything that is not one of the page's files. */
export function pageFile(root: string, url: string): PageFile | null {
  const relative = pagePath(url);
  if (relative === null) return null;
  const file = path.resolve(root, `.${relative}`);
  const mimeType = MIME_TYPES[path.extname(file)];
  if (mimeType === undefined || !file.startsWith(root + path.sep)) return null;
  return { path: file, mimeType };
}

function pagePath(url: string): string | null {
  const parsed = URL.parse(url);
  if (parsed === null || `${parsed.protocol}//${parsed.host}` !== PAGE_ORIGIN) return null;
  if (parsed.pathname === '/') return '/index.html';
  try {
    const decoded = decodeURIComponent(parsed.pathname);
    return decoded.includes('\0') ? null : decoded;
  } catch {
    return null;
  }
}
