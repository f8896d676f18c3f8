/** The customer photos: a garment of the range, drawn from its parameters into somebody's surroundings. */
import { type Box, type Camera, OVERSCAN, outline, photo } from './camera.ts';
import { productById } from './catalog.ts';
import { hash } from './random.ts';
import { PROPS, SETTINGS } from './settings.ts';
import { resting } from './studio.ts';

/** A place in the photo: centre in fractions, scale, and rotation in degrees. */
type Place = readonly [x: number, y: number, scale: number, turn: number];

interface Query {
  readonly file: string;
  readonly productId: string;
  readonly note: string;
  readonly setting: keyof typeof SETTINGS;
  readonly place: Place;
  /** How far its sleeves, legs or handles are moved (0 to 1). */
  readonly pose: number;
  /** Other products, partly in view. */
  readonly others: readonly (readonly [productId: string, place: Place])[];
  readonly behind: readonly (readonly [prop: keyof typeof PROPS, place: Place])[];
  readonly inFront: readonly (readonly [prop: keyof typeof PROPS, place: Place])[];
  readonly camera: Camera;
}

const portrait = { width: 900, height: 1200 } as const;
const landscape = { width: 1200, height: 900 } as const;
const lamp = [0.98, 0.9, 0.8] as const;
const overcast = [0.88, 0.92, 0.97] as const;
const tube = [0.9, 0.94, 0.9] as const;
const dusk = [0.72, 0.7, 0.74] as const;
const daylight = [0.95, 0.94, 0.9] as const;

export const QUERIES: readonly Query[] = [
  {
    file: '01-coat-on-rail.jpg',
    productId: '40613-CML',
    note: 'On a shop rail between other coats, warm lamps',
    setting: 'rail',
    place: [0.5, 0.5, 1.86, 2],
    pose: 0.15,
    others: [
      ['40645-NVY', [0.03, 0.49, 1.8, -2]],
      ['40629-OLV', [0.98, 0.5, 1.8, 3]],
    ],
    behind: [['hanger', [0.5, 0.165, 1.4, 2]]],
    inFront: [],
    camera: { ...portrait, yaw: 0.12, pitch: -0.08, light: lamp, noise: 7, blur: 0.8 },
  },
  {
    file: '02-breton-on-bed.jpg',
    productId: '40101-NVY',
    note: 'Thrown on an unmade bed, turned, dim light',
    setting: 'bed',
    place: [0.5, 0.52, 1.72, -17],
    pose: 0.6,
    others: [['40933-SKY', [0.98, 0.98, 1.5, 40]]],
    behind: [
      ['phone', [0.88, 0.16, 1, 30]],
      ['book', [0.1, 0.9, 1, -14]],
    ],
    inFront: [],
    camera: { ...portrait, yaw: -0.1, pitch: 0.14, light: dusk, noise: 10, blur: 1 },
  },
  {
    file: '03-hoodie-on-floor.jpg',
    productId: '40549-BUR',
    note: 'On a wooden floor with keys and a book',
    setting: 'woodFloor',
    place: [0.48, 0.5, 1.72, 14],
    pose: 0.7,
    others: [['41317-NVY', [0.98, 0.96, 0.95, -30]]],
    behind: [
      ['book', [0.1, 0.1, 1, -12]],
      ['keys', [0.86, 0.14, 1, 20]],
    ],
    inFront: [],
    camera: { ...portrait, yaw: 0.1, pitch: 0.12, light: daylight, noise: 6, blur: 0.6 },
  },
  {
    file: '04-sneakers-on-pavement.jpg',
    productId: '41317-WHT',
    note: 'On a pavement among leaves, grey day, landscape',
    setting: 'pavement',
    place: [0.5, 0.5, 1.62, -8],
    pose: 0.5,
    others: [['41573-BLK', [0.97, 0.3, 1.1, 14]]],
    behind: [['glasses', [0.1, 0.88, 0.9, 14]]],
    inFront: [],
    camera: { ...landscape, yaw: -0.14, pitch: 0.1, light: overcast, noise: 7, blur: 0.7 },
  },
  {
    file: '05-dress-on-hook.jpg',
    productId: '41205-RSP',
    note: 'On a hanger in a bedroom, picture and plant in view',
    setting: 'bedroom',
    place: [0.48, 0.52, 1.84, 3],
    pose: 0.4,
    others: [],
    behind: [
      ['poster', [0.93, 0.18, 1.2, 0]],
      ['hanger', [0.485, 0.178, 1.1, 3]],
    ],
    inFront: [['plant', [0.17, 0.8, 1.5, 0]]],
    camera: { ...portrait, yaw: 0.14, pitch: -0.06, light: lamp, noise: 7, blur: 0.8 },
  },
  {
    file: '06-backpack-by-wall.jpg',
    productId: '41573-TEA',
    note: 'Leaning by a wall, plant in front, grey light',
    setting: 'hallway',
    place: [0.52, 0.55, 1.75, 9],
    pose: 0.7,
    others: [['41333-RSP', [0.02, 0.93, 0.8, 4]]],
    behind: [],
    inFront: [['plant', [0.84, 0.8, 1.3, 0]]],
    camera: { ...portrait, yaw: -0.16, pitch: 0.05, light: overcast, noise: 8, blur: 0.7 },
  },
  {
    file: '07-satchel-on-cafe-table.jpg',
    productId: '41493-BUR',
    note: 'On a cafe table with a coffee, landscape',
    setting: 'table',
    place: [0.5, 0.54, 1.6, -10],
    pose: 0.8,
    others: [],
    behind: [
      ['mug', [0.88, 0.2, 1, 20]],
      ['phone', [0.1, 0.3, 1, -24]],
      ['book', [0.92, 0.86, 1, 14]],
    ],
    inFront: [],
    camera: { ...landscape, yaw: 0.08, pitch: 0.16, light: lamp, noise: 8, blur: 0.9 },
  },
  {
    file: '08-puffer-sideways.jpg',
    productId: '40709-MST',
    note: 'Hung in a hallway, phone held sideways (EXIF orientation 6)',
    setting: 'hallway',
    place: [0.5, 0.5, 1.78, -5],
    pose: 0.4,
    others: [['40629-OAT', [0.99, 0.56, 1.7, 2]]],
    behind: [['hanger', [0.485, 0.188, 1.2, -5]]],
    inFront: [],
    camera: { ...portrait, yaw: -0.1, pitch: 0.08, light: overcast, noise: 8, blur: 0.8, sideways: true },
  },
  {
    file: '09-tartan-scarf-on-pavement.jpg',
    productId: '41781-BUR',
    note: 'Dropped on a pavement, partly out of the picture',
    setting: 'pavement',
    place: [0.52, 0.46, 2.0, 12],
    pose: 0.5,
    others: [['41733-GRN', [0.06, 0.9, 1, -20]]],
    behind: [],
    inFront: [],
    camera: { ...portrait, yaw: 0.1, pitch: 0.1, light: daylight, noise: 9, blur: 0.9 },
  },
  {
    file: '10-jeans-on-rug.jpg',
    productId: '40933-SKY',
    note: 'Laid on a rug, hem out of the picture',
    setting: 'rug',
    place: [0.5, 0.56, 1.95, -9],
    pose: 0.6,
    others: [['40101-SGE', [0.98, 0.04, 1.1, 30]]],
    behind: [['glasses', [0.12, 0.12, 0.8, -20]]],
    inFront: [],
    camera: { ...portrait, yaw: -0.12, pitch: -0.1, light: daylight, noise: 7, blur: 0.7 },
  },
  {
    file: '11-boots-on-shelf.jpg',
    productId: '41397-TOB',
    note: 'On a shop shelf beside boxes',
    setting: 'shelf',
    place: [0.5, 0.53, 1.7, 2],
    pose: 0.3,
    others: [],
    behind: [
      ['box', [0.1, 0.8, 1.1, 0]],
      ['box', [0.93, 0.78, 1.1, 0]],
    ],
    inFront: [],
    camera: { ...landscape, yaw: 0.16, pitch: -0.08, light: lamp, noise: 8, blur: 0.8 },
  },
  {
    file: '12-floral-shirt-at-dusk.jpg',
    productId: '40341-TER',
    note: 'Held against a wall at dusk, very dim',
    setting: 'bedroom',
    place: [0.5, 0.5, 1.85, 9],
    pose: 0.6,
    others: [['40965-OAT', [0.04, 0.86, 1.3, 16]]],
    behind: [['poster', [0.9, 0.14, 1.1, 0]]],
    inFront: [],
    camera: { ...portrait, yaw: 0.12, pitch: 0.1, light: [0.6, 0.56, 0.58], noise: 13, blur: 1.1 },
  },
  {
    file: '13-skirt-on-rail.jpg',
    productId: '41109-GRN',
    note: 'On a shop rail beside other skirts',
    setting: 'rail',
    place: [0.5, 0.5, 1.6, -3],
    pose: 0.5,
    others: [
      ['41173-NVY', [0.04, 0.44, 1.5, 0]],
      ['41157-MST', [0.99, 0.5, 1.4, 0]],
    ],
    behind: [],
    inFront: [],
    camera: { ...portrait, yaw: -0.12, pitch: -0.08, light: tube, noise: 8, blur: 0.8 },
  },
  {
    file: '14-fair-isle-on-bed.jpg',
    productId: '40389-NVY',
    note: 'On a bed, one sleeve out of the picture, blurred',
    setting: 'bed',
    place: [0.55, 0.5, 1.85, -13],
    pose: 0.7,
    others: [],
    behind: [['book', [0.08, 0.9, 1, 16]]],
    inFront: [],
    camera: { ...portrait, yaw: 0.1, pitch: 0.1, light: lamp, noise: 8, blur: 2 },
  },
  {
    file: '15-cap-on-table.jpg',
    productId: '41653-COB',
    note: 'On a table with glasses and keys, landscape',
    setting: 'table',
    place: [0.5, 0.54, 1.62, 7],
    pose: 0.6,
    others: [['41797-NVY', [0.03, 0.6, 1.1, 24]]],
    behind: [
      ['glasses', [0.14, 0.16, 0.9, 12]],
      ['keys', [0.9, 0.82, 0.9, 60]],
      ['mug', [0.9, 0.14, 0.8, 0]],
    ],
    inFront: [],
    camera: { ...landscape, yaw: -0.1, pitch: 0.12, light: daylight, noise: 8, blur: 0.8 },
  },
  {
    file: '16-check-overshirt-on-floor.jpg',
    productId: '40357-MST',
    note: 'On a floor beside a bag, motion blur',
    setting: 'darkFloor',
    place: [0.46, 0.52, 1.72, 18],
    pose: 0.8,
    others: [['41461-OAT', [0.99, 0.14, 1, 20]]],
    behind: [['phone', [0.08, 0.9, 0.9, 10]]],
    inFront: [],
    camera: { ...portrait, yaw: -0.1, pitch: 0.14, light: daylight, noise: 9, blur: 1.8 },
  },
];

/** The scene as an SVG document, larger than the photo by the overscan; `alone` leaves out everything but the garment. */
export function drawScene(query: Query, alone: boolean): string {
  const w = query.camera.width * OVERSCAN;
  const h = query.camera.height * OVERSCAN;
  const at = ([x, y, scale, turn]: Place, art: string) =>
    `<g transform="translate(${x * w} ${y * h}) rotate(${turn}) scale(${scale})">${art}</g>`;
  const worn = (id: string, pose: number) => {
    const { design, fabric } = productById(id);
    return design.garment(fabric, { back: false, pose });
  };
  const subject = worn(query.productId, query.pose);
  const props = (list: Query['behind']) => list.map(([name, place]) => at(place, PROPS[name])).join('');
  const art = alone
    ? at(query.place, subject)
    : SETTINGS[query.setting](w, h, hash(query.file)) +
      query.others.map(([id, place]) => at(place, resting(worn(id, 0.4)))).join('') +
      props(query.behind) +
      at(query.place, resting(subject)) +
      props(query.inFront);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}" viewBox="0 0 ${w} ${h}">${art}</svg>`;
}

/** The photo as a JPEG, and the garment's box in it. */
export async function takePhoto(query: Query): Promise<{ jpeg: Buffer; crop: Box }> {
  return {
    jpeg: await photo(drawScene(query, false), query.camera, hash(query.file)),
    crop: await outline(drawScene(query, true), query.camera),
  };
}
