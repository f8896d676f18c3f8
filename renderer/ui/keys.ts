/** The platform's name of the command key. */
export function commandKey(): string {
  return window.lookalike.platform === 'darwin' ? '⌘' : 'Ctrl';
}

/** Whether keys pressed there are typed into a field, so that they are not shortcuts. */
export function isTyping(target: EventTarget | null): boolean {
  if (target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLInputElement && target.type !== 'checkbox' && target.type !== 'radio';
}
