import { create } from 'zustand';

export type View = 'match' | 'compare' | 'catalog' | 'models';

export const useView = create<{ view: View }>(() => ({ view: 'match' }));

export function show(view: View): void {
  useView.setState({ view });
}
