import { create } from 'zustand';

interface Toast {
  /** Increases with every toast, so that the same text is announced again. */
  id: number;
  text: string | null;
}

const SHOWN_FOR_MS = 2600;

export const useToast = create<Toast>(() => ({ id: 0, text: null }));

let timer: ReturnType<typeof setTimeout> | undefined;

export function toast(text: string): void {
  clearTimeout(timer);
  useToast.setState(({ id }) => ({ id: id + 1, text }));
  timer = setTimeout(() => useToast.setState({ text: null }), SHOWN_FOR_MS);
}
