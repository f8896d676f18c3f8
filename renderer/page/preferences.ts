import { create } from 'zustand';
import { persist } from 'zustand/middleware';

export type Theme = 'system' | 'light' | 'dark';

interface Preferences {
  theme: Theme;
  /** Looks for the product in a new photo and proposes a crop. */
  proposeCrops: boolean;
  /** Whoever keeps the starter model knows by now that there is a better one. */
  starterOfferDismissed: boolean;
  /** Whoever keeps the sample catalog beside a catalog of their own has been asked. */
  sampleKept: boolean;
}

export const usePreferences = create<Preferences>()(
  persist(
    (): Preferences => ({
      theme: 'system',
      proposeCrops: true,
      starterOfferDismissed: false,
      sampleKept: false,
    }),
    {
      name: 'lookalike.preferences',
    },
  ),
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
