import { type FeedMapping, type MappedField, mappedField } from '../../contract/publishing.ts';
import type { Fields } from './format.ts';

export type FieldMapping = FeedMapping['fields'];

/** What columns and members are called, the surest name first: English, German and French, without signs and accents. */
const NAMES: Record<MappedField, string> = {
  id: 'id productid itemid articleid variantid artikelid produktid idproduit identifiant artikelnummer artikelnr artnr articlenumber itemnumber productcode produktnummer numeroarticle reference referenz ref sku',
  title:
    'title name productname producttitle itemname titel bezeichnung artikelbezeichnung produktbezeichnung produktname artikelname titre nom nomproduit nomduproduit libelle designation',
  images:
    'image images imageurl imageurls imagelink imagesrc mainimage mainimageurl productimage additionalimagelink additionalimages picture pictures pictureurl photo photos photourl bild bilder bildurl bildlink produktbild artikelbild urlimage lienimage imageproduit',
  price:
    'price currentprice unitprice grossprice priceinclvat preis verkaufspreis bruttopreis vkpreis vk prix prixttc prixdevente',
  currency: 'currency currencycode pricecurrency wahrung waehrung devise monnaie',
  category:
    'category categories producttype productcategory googleproductcategory type kategorie kategorien warengruppe produkttyp categorie rayon typedeproduit',
  brand: 'brand brandname vendor manufacturer designer marke hersteller marque fabricant',
  color: 'color colour colorname farbe farbname couleur coloris',
  availability:
    'availability stockstatus instock instockstatus stock quantity verfugbarkeit verfuegbarkeit lagerstatus lagerbestand bestand disponibilite',
  url: 'url link producturl productlink permalink deeplink produktlink produkturl artikellink lien lienproduit urlproduit',
  groupId:
    'itemgroupid groupid parentid parentsku parentproductid mastersku masterid styleid modelid gruppe gruppenid modell modele idparent',
  sku: 'sku artikelnummer artikelnr bestellnummer articlenumber reference referenz mpn',
};
/** Members that say nothing without the name before them: `brand.name`, `price.amount`. */
const WORDS = new Set('name value amount label text title default'.split(' '));
/** The same for pictures: `images[*].src`. */
const REFERENCES = new Set('src url href link contenturl original large'.split(' '));
const REQUIRED: readonly MappedField[] = ['id', 'title', 'images'];

/** The fields without which there is no product and that the mapping has no place for. */
export function missingFields(fields: FieldMapping): MappedField[] {
  return REQUIRED.filter((field) => !fields[field]);
}

/**
 * Guesses what columns or JSON paths hold by what they are called, for an admin to correct. A place is given to one
 * field, but a number that is both id and SKU to both.
 */
export function proposeFields(places: readonly string[]): FieldMapping {
  const proposed: FieldMapping = {};
  const taken = new Set<string>();
  for (const field of mappedField.options) {
    const found = field === 'images' ? imagePlaces(places) : bestPlace(places, field, taken);
    if (found.length === 0) continue;
    proposed[field] = found;
    if (field !== 'id') for (const place of found) taken.add(place);
  }
  return proposed;
}

function bestPlace(places: readonly string[], field: MappedField, taken: ReadonlySet<string>): string[] {
  const free = places.filter((place) => !place.includes('[*]') && !taken.has(place));
  for (const name of NAMES[field].split(' ')) {
    const found = free.filter((place) => meanings(place).includes(name));
    if (found.length > 0) return found.sort((a, b) => a.split('.').length - b.split('.').length).slice(0, 1);
  }
  return [];
}

/** "Image 1", "Image 2" and "images[*].src" are all of them pictures, and "brand.image" is not. */
function imagePlaces(places: readonly string[]): string[] {
  const names = NAMES.images.split(' ');
  const found = places.filter((place) => {
    const [first = '', ...rest] = place.split('.').map(plain);
    const name = rest.every((part) => REFERENCES.has(part)) ? first : first + rest.join('');
    return names.includes(name.replace(/\d+$/, ''));
  });
  return found.slice(0, 20);
}

/** The names a place may go by: all of its path together, and the last part that says something. */
function meanings(place: string): string[] {
  const parts = place.split('.').map(plain);
  return [parts.join(''), parts.findLast((part) => !WORDS.has(part)) ?? parts.at(-1) ?? ''];
}

const plain = (name: string): string =>
  name
    .normalize('NFD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '')
    .replace(/^g(?=id$|title$|imagelink$)/, '');

/** The fields that a mapping finds in an item: every image, of another field the first value. */
export function mapped(
  fields: FieldMapping,
  valuesAt: (place: string) => unknown[],
): Fields & { images: unknown[] } {
  const values = (field: MappedField) => (fields[field] ?? []).flatMap(valuesAt);
  const single = mappedField.options
    .filter((field) => field !== 'images')
    .map((field) => [field, values(field).find((value) => value !== null && value !== '')]);
  return { ...Object.fromEntries(single), images: values('images').flat() };
}
