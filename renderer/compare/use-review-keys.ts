import { useEffect } from 'react';
import { type Command, keyOf } from '../../electron/contract/review-keys.ts';
import { usePreferences } from '../page/preferences.ts';
import { useView } from '../page/view.ts';
import { isTyping } from '../ui/keys.ts';
import { closeFinder, setFlipped, useReview } from './in-focus.ts';
import { strokeOf } from './key-map.ts';
import { setView } from './order.ts';
import { obey, setCropping } from './review.ts';

/** Parts that have keys of their own: dialogs, menus, the crop box, and what says so. */
const WITH_KEYS = '[role="dialog"], [role="menu"], [data-own-keys]';
const PRESSABLE = 'button, a[href], summary, [role="radio"]';

/** Whether the element with the keyboard uses a key itself, so that it must not do a second thing. */
export function usesKey(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof Element)) return false;
  if (isTyping(target) || target.closest(WITH_KEYS)) return true;
  if (key === ' ' || key === 'Enter') return target.closest(PRESSABLE) !== null;
  return key.startsWith('Arrow') && target.closest('[role="radiogroup"]') !== null;
}

export type ZoomCommand = Extract<Command, 'zoomIn' | 'zoomOut' | 'zoomWhole'>;

function leave(): void {
  const { finding, cropping } = useReview.getState();
  if (finding !== null) closeFinder();
  else if (cropping) setCropping(false);
  else setView('table');
}

/** The keys of the focus view, wherever in it the keyboard is. */
export function useReviewKeys(onZoom: (command: ZoomCommand) => void): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || useView.getState().view !== 'compare') return;
      const { reviewKeys } = usePreferences.getState();
      const { cropping } = useReview.getState();
      if (event.key === 'Escape' && !isTyping(event.target)) {
        // A dialog closes itself.
        if (event.target instanceof Element && event.target.closest('[role="dialog"], [role="menu"]')) return;
        event.preventDefault();
        leave();
        return;
      }
      const stroke = strokeOf(event, reviewKeys);
      // While a part of the picture is chosen, keys belong to the crop box: only its own key ends it.
      const ends = cropping && stroke === 'crop' && !isTyping(event.target);
      if (stroke === null || (!ends && usesKey(event.target, event.key))) return;
      event.preventDefault();
      if (ends) setCropping(false);
      else if (cropping) return;
      else if (stroke === 'zoomIn' || stroke === 'zoomOut' || stroke === 'zoomWhole') onZoom(stroke);
      else if (stroke === 'flip') setFlipped(true);
      else obey(stroke);
    };
    const onKeyUp = (event: KeyboardEvent) => {
      const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
      if (key === keyOf('flip', usePreferences.getState().reviewKeys)) setFlipped(false);
    };
    const onBlur = () => setFlipped(false);
    window.addEventListener('keydown', onKeyDown);
    window.addEventListener('keyup', onKeyUp);
    window.addEventListener('blur', onBlur);
    return () => {
      window.removeEventListener('keydown', onKeyDown);
      window.removeEventListener('keyup', onKeyUp);
      window.removeEventListener('blur', onBlur);
    };
  }, [onZoom]);
}
