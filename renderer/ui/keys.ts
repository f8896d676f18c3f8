/** The platform's own name for the command key. */
export function commandKey(): string {
  return window.lookalike.platform === 'darwin' ? '⌘' : 'Ctrl';
}
