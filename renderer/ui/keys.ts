/** The platform's own name for the command key. */
function commandKey(): string {
  return window.lookalike.platform === 'darwin' ? '⌘' : 'Ctrl';
}

export function pasteKeys(): string {
  return `${commandKey()} V`;
}
