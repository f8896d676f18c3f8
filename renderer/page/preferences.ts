import { create } from 'zustand';
import { persist } from 'zustand/middleware';

export type Theme = 'system' | 'light' | 'dark';

interface Preferences {
  theme: Theme;
  /** Looks for the product in a new photo and proposes a crop. */
  proposeCrops: boolean;
  /** Whoever keeps the starter model knows by now that there is a better one. */
  starterOfferDismissed: boolean;
}

export const usePreferences = create<Preferences>()(
  persist((): Preferences => ({ theme: 'system', proposeCrops: true, starterOfferDismissed: false }), {
    name: 'lookalike.preferences',
  }),
);

function applyTheme({ theme }: Preferences): void {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

/** Shows the page in the theme that was chosen. */
export function startTheme(): void {
  applyTheme(usePreferences.getState());
  usePreferences.subscribe(applyTheme);
}
