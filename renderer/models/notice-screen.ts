import type { Fault } from '../../electron/contract/faults.ts';
import type { View } from '../page/view.ts';
import { isOfCatalog } from '../ui/sentences.ts';

const OF_MODELS = /^(MODEL|PROVIDER|CROPS)_/;

/** The screen where something can be done about a notice; null when there is none. */
export function screenOf(notice: Fault): View | null {
  if (OF_MODELS.test(notice.code)) return 'models';
  if (notice.code !== 'FILE_DAMAGED') return isOfCatalog(notice) ? 'catalog' : null;
  return ['model choice', 'providers', 'models'].includes(notice.params.of) ? 'models' : 'catalog';
}
