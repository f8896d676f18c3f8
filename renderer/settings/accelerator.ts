/** Keys of Electron's accelerators, by `KeyboardEvent.code`. */
const NAMED: Record<string, string> = {
  Space: 'Space',
  ArrowUp: 'Up',
  ArrowDown: 'Down',
  ArrowLeft: 'Left',
  ArrowRight: 'Right',
  Insert: 'Insert',
  Home: 'Home',
  End: 'End',
  PageUp: 'PageUp',
  PageDown: 'PageDown',
};

type Pressed = Pick<KeyboardEvent, 'code' | 'ctrlKey' | 'altKey' | 'shiftKey' | 'metaKey'>;

/**
 * A key as Electron names it: "Control+Alt+L". Null while only Ctrl and the like are down, and for plain keys, which move the
 * focus or type.
 */
export function acceleratorOf({ code, ctrlKey, altKey, shiftKey, metaKey }: Pressed): string | null {
  const [, letter] = /^(?:Key|Digit)([A-Z0-9])$/.exec(code) ?? [];
  const isFunction = /^F\d{1,2}$/.test(code);
  const key = letter ?? NAMED[code] ?? (isFunction ? code : null);
  if (key === null || !(ctrlKey || altKey || metaKey || isFunction)) return null;
  const held = [ctrlKey && 'Control', altKey && 'Alt', shiftKey && 'Shift', metaKey && 'Super'];
  return [...held.filter((each) => each !== false), key].join('+');
}

/** The key as people read it: "Ctrl Alt L". */
export function keyWords(accelerator: string): string {
  return accelerator.replace('Control', 'Ctrl').replaceAll('+', ' ');
}
