import { create } from 'zustand';
import { persist } from 'zustand/middleware';

export type Theme = 'system' | 'light' | 'dark';

interface Preferences {
  theme: Theme;
  /** Look for the product in a new photo and propose a crop. */
  proposeCrops: boolean;
  /** The offer of a better model than the starter model was dismissed. */
  starterOfferDismissed: boolean;
  /** The person was asked whether to remove the sample catalog, and keeps it. */
  sampleKept: boolean;
  /** The person has let Lookalike use the camera. */
  cameraAllowed: boolean;
  /** The camera that was chosen; null: whichever the system gives. */
  cameraId: string | null;
  /** The interface at which a phone was last let in; null: the first one. */
  phoneNetwork: string | null;
  /** Encrypt what a phone sends. */
  phoneEncrypted: boolean;
  /** The folder whose new pictures are matched; null: none. */
  watchedFolder: string | null;
  /** Keys of the review of pairs that the person has changed, by command. */
  reviewKeys: Readonly<Record<string, string>>;
}

export const usePreferences = create<Preferences>()(
  persist(
    (): Preferences => ({
      theme: 'system',
      proposeCrops: true,
      starterOfferDismissed: false,
      sampleKept: false,
      cameraAllowed: false,
      cameraId: null,
      watchedFolder: null,
      phoneNetwork: null,
      phoneEncrypted: false,
      reviewKeys: {},
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

/** Applies the chosen theme to the page. */
export function startTheme(): void {
  applyTheme(usePreferences.getState());
  usePreferences.subscribe(applyTheme);
}
