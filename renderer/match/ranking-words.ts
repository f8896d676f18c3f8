import type { Ranking } from '../../electron/contract/search.ts';
import { formatCount, formatCounted, formatShare } from '../ui/format.ts';
import type { Query } from './query.ts';

const SEARCH: Record<Ranking['search'], { name: string; detail: string }> = {
  exact: { name: 'Exact', detail: 'Compared with every product.' },
  index: { name: 'Index', detail: 'The nearest products, looked up in an index.' },
};

const WORDS: Record<NonNullable<Ranking['words']>, { name: string; detail: string }> = {
  'meaning and fields': {
    name: 'words by meaning',
    detail: 'Compared by meaning, and with titles, brands and SKUs.',
  },
  fields: { name: 'words as written', detail: 'Compared with titles, brands and SKUs.' },
};

const WEIGHED: Record<Ranking['color']['from'], string> = {
  calibrated: 'as calibrated on this catalog',
  chosen: 'as you chose',
  use: 'as the photos that were confirmed here have shown',
  photo:
    'because this photo has little colour of its own: it is black-and-white, dark or in dim coloured light',
  default: 'as usual: this catalog has not been calibrated yet',
};

const COMPARED: Record<Ranking['color']['of'], string> = {
  subject: 'The colours of the product were compared, without what is around it.',
  picture: 'The colours of the whole photo were compared.',
};

/** A smaller share changes nothing that can be seen. */
const LEAST_SAID = 0.01;

const SHORT: Record<Ranking['color']['from'], string> = {
  calibrated: 'calibrated',
  chosen: 'chosen',
  use: 'learned here',
  photo: 'the photo’s light',
  default: 'default',
};

/** How an answer was ranked, in one line: "Exact · colour 35 % (calibrated)". */
export function rankingSummary({ search, color, words, learned, confirmed }: Ranking): string {
  const parts = [SEARCH[search].name];
  if (words) parts.push(WORDS[words].name);
  if (color.weight > 0) parts.push(`colour ${formatShare(color.weight)} (${SHORT[color.from]})`);
  else if (color.from !== 'default') parts.push(`no colour (${SHORT[color.from]})`);
  if (learned) parts.push(`adjusted to ${formatCount(learned.photos)} photos`);
  if (confirmed) parts.push(`${formatCounted(confirmed.photos, 'confirmed photo')}`);
  return parts.join(' · ');
}

/** Like `rankingSummary` in detail, a sentence for each part. */
export function rankingDetails(ranking: Ranking, query: Query): { name: string; detail: string }[] {
  const { search, color, words } = ranking;
  const details = [{ name: 'Search', detail: SEARCH[search].detail }];
  if (query.kind === 'photo') {
    details.push({ name: 'Photo', detail: photoOf(ranking, query.also.length) });
  }
  if (ranking.learned) {
    const photos = formatCount(ranking.learned.photos);
    details.push({
      name: 'Learned',
      detail: `Adjusted to what the ${photos} photos searched here before have in common.`,
    });
  }
  if (ranking.confirmed) details.push({ name: 'Confirmed', detail: confirmedWords(ranking.confirmed) });
  if (words) details.push({ name: 'Words', detail: WORDS[words].detail });
  if (query.kind !== 'words') {
    const share = color.weight > 0 ? `Counts ${formatShare(color.weight)}` : 'Does not count';
    // When the text names a colour, the picture's colour is not compared, in any catalog.
    const unmeant = color.weight === 0 && color.from === 'default';
    const counted = unmeant ? `${share}.` : `${share}, ${WEIGHED[color.from]}.`;
    const compared = query.kind === 'photo' && color.weight > 0 ? ` ${COMPARED[color.of]}` : '';
    details.push({ name: 'Colour', detail: counted + compared });
  }
  return details;
}

/** What of the photos was compared, and what was taken out of them. @param further how many beside the first */
function photoOf(ranking: Ranking, further: number): string {
  const share = ranking.photoShift;
  const part = further > 0 ? partOfSeveral(ranking, further + 1) : partOf(ranking);
  if (share < LEAST_SAID) return part;
  return `${part} What customers’ photos have in common counts ${formatShare(share)} less, as calibrated on this catalog.`;
}

function confirmedWords({ photos, products, firstWithout }: NonNullable<Ranking['confirmed']>): string {
  const counted = `${formatCounted(photos, 'photo')} of ${formatCounted(products, 'product')} confirmed here count as their pictures.`;
  if (firstWithout === 1) return `${counted} The first result is the same without them.`;
  return firstWithout === null
    ? `${counted} Without them the first result would not be among the nearest.`
    : `${counted} Without them the first result would be number ${formatCount(firstWithout)}.`;
}

function partOfSeveral({ crop }: Ranking, photos: number): string {
  const together = `${formatCount(photos)} photos of one item, compared together.`;
  return crop && !crop.proposed ? `${together} Of the first, inside your box.` : together;
}

function partOf({ crop, closer }: Ranking): string {
  if (crop) return crop.proposed ? 'Inside the proposed box.' : 'Inside your box.';
  return closer
    ? 'All of it, and its middle closer: it is unlike the pictures of this catalog.'
    : 'All of it.';
}
