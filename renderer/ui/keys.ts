/** The platform's own name for the command key. */
export function commandKey(): string {
  return window.lookalike.platform === 'darwin' ? '⌘' : 'Ctrl';
}

/** Whether keys pressed there are typed into a field, and so are no shortcuts. */
export function isTyping(target: EventTarget | null): boolean {
  if (target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLInputElement && target.type !== 'checkbox' && target.type !== 'radio';
}
