const LEFT_BEHIND = new Set([
  'thumbs.db',
  'ehthumbs.db',
  'desktop.ini',
  // The Finder's file of a folder's own icon.
  'icon\r',
  '__macosx',
  '@eadir',
  '$recycle.bin',
  'system volume information',
  'lost+found',
]);

/** Whether Finder, Explorer, an archive or a network drive has left a file or folder of this name. So are hidden ones. */
export function isLeftBehind(name: string): boolean {
  return name.startsWith('.') || LEFT_BEHIND.has(name.toLowerCase());
}
