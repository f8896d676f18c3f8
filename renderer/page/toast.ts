import { create } from 'zustand';

interface Toast {
  /** Increases with every toast, so that the same text is announced again. */
  id: number;
  text: string | null;
  /** What can be done about it, such as "Undo". */
  action: ToastAction | null;
}

export interface ToastAction {
  name: string;
  run: () => void;
}

const SHOWN_FOR_MS = 2600;
/** There has to be time to reach the button. */
const SHOWN_WITH_ACTION_MS = 7000;

export const useToast = create<Toast>(() => ({ id: 0, text: null, action: null }));

let timer: ReturnType<typeof setTimeout> | undefined;

export function toast(text: string, action: ToastAction | null = null): void {
  clearTimeout(timer);
  useToast.setState(({ id }) => ({ id: id + 1, text, action }));
  timer = setTimeout(hideToast, action ? SHOWN_WITH_ACTION_MS : SHOWN_FOR_MS);
}

export function hideToast(): void {
  clearTimeout(timer);
  useToast.setState({ text: null, action: null });
}
