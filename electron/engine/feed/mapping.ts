import { type FeedMapping, type MappedField, mappedField } from '../../contract/publishing.ts';
import { readMark } from './currencies.ts';
import type { Fields } from './format.ts';
import { readPrice } from './price.ts';

export type FieldMapping = FeedMapping['fields'];

/**
 * Names of columns and members, the surest name first: in English, German, French, Spanish, Italian, Dutch and Vietnamese,
 * without signs and accents.
 */
const NAMES: Record<MappedField, readonly string[]> = {
  id: words(`
    id productid itemid codearticle codeproduit articleid variantid artikelid produktid idproduit identifiant artikelnummer artikelnr artnr articlenumber
    itemnumber productcode itemcode articlecode produktnummer numeroarticle reference referenz ref
    referencia codigo codigoproducto codigoarticulo idproducto idarticulo codice codiceprodotto codicearticolo idprodotto
    riferimento artikelcode productnummer referentie masanpham masp mahang mahanghoa mavach sku gtin ean ean13 upc barcode`),
  title: words(`
    title name productname producttitle itemname articlename titel bezeichnung artikelbezeichnung produktbezeichnung produktname
    artikelname titre nom nomproduit nomduproduit nomarticle libelle designation titulo nombre nombreproducto nombredelproducto
    nombrearticulo titolo nome nomeprodotto nomearticolo denominazione naam productnaam artikelnaam omschrijving
    ten tensanpham tensp tenhang tenhanghoa tieude`),
  images: words(`
    image images imageurl imageurls imageslinks imagelink imagesrc mainimage mainimageurl productimage productimageurl
    additionalimagelink additionalimages picture pictures pictureurl photo photos photourl bild bilder bildurl bildlink
    produktbild artikelbild hauptbild bildadresse urlimage urlimages lienimage imageproduit imageprincipale
    imagen imagenes urlimagen imagenurl imagenprincipal foto fotos fotourl immagine immagini urlimmagine immagineurl
    immagineprincipale afbeelding afbeeldingen afbeeldingurl afbeeldingslink productafbeelding hoofdafbeelding
    hinhanh anh hinh linkanh urlanh anhsanpham anhdaidien linkhinhanh`),
  price: words(`
    price currentprice finalprice sellingprice unitprice itemprice productprice grossprice pricegross priceinclvat priceincvat
    priceincltax priceinctax pricewithtax retailprice preis verkaufspreis aktuellerpreis bruttopreis preisbrutto endpreis
    einzelpreis stuckpreis vkpreis vkbrutto vk preisinklmwst preisinklust ladenpreis prix prixttc prixdevente prixdeventettc
    prixventettc prixactuel prixunitaire prixpublic tarif tarifttc precio preciofinal precioventa preciodeventa pvp
    precioconiva precioivaincluido preciounitario precioactual preciopublico prezzo prezzofinale prezzovendita
    prezzodivendita prezzoivato prezzoivainclusa prezzoconiva prezzounitario prezzoattuale prezzoalpubblico prijs verkoopprijs
    prijsinclbtw prijsinclusiefbtw brutoprijs consumentenprijs stukprijs huidigeprijs gia giaban giahientai giale giasanpham
    dongia gianiemyet regularprice normalprice baseprice regulaererpreis regularerpreis normalpreis prixnormal prixregulier
    prixdebase precionormal precioregular preciohabitual preciobase prezzonormale prezzoregolare prezzobase normaleprijs
    reguliereprijs giathuong giagoc originalprice originalpreis`),
  salePrice: words(`
    saleprice pricesale specialprice discountprice discountedprice promoprice promotionprice promotionalprice offerprice
    reducedprice dealprice angebotspreis aktionspreis sonderpreis rabattpreis reduzierterpreis sonderangebot prixpromo
    prixpromotionnel prixenpromotion prixsolde prixremise prixreduit prixspecial preciooferta preciodeoferta preciorebajado
    preciodescuento preciocondescuento preciopromocional precioespecial preciorebaja prezzoscontato
    prezzoofferta prezzoinofferta prezzopromozionale prezzopromo prezzospeciale prezzosaldo actieprijs aanbiedingsprijs
    kortingsprijs specialeprijs uitverkoopprijs giakhuyenmai giasale giauudai giagiam giasaugiam giakm`),
  saleFrom: words(`
    salefrom datesalepricestarts salestart salestarts salestartdate salepricestartdate salepricestart specialpricefromdate
    specialfromdate angebotab angebotvon aktionvon angebotsbeginn aktionsbeginn debutpromo debutpromotion datedebutpromo
    iniciooferta fechainiciooferta inizioofferta datainizioofferta startactie actievan ngaybatdaukhuyenmai`),
  saleUntil: words(`
    saleuntil datesalepriceends saleend saleends saleenddate salepriceenddate salepriceend specialpricetodate
    specialtodate angebotbis aktionbis angebotsende aktionsende finpromo finpromotion datefinpromo finoferta fechafinoferta
    fineofferta datafineofferta eindeactie actietot ngayketthuckhuyenmai`),
  currency: words(`
    currency currencycode pricecurrency wahrung waehrung devise monnaie moneda divisa valuta tiente loaitien donvitiente`),
  category: words(`
    category categories producttype productcategory googleproductcategory type kategorie kategorien warengruppe produkttyp
    produktgruppe artikelgruppe categorie rayon famille typedeproduit categoria categorias tipo tipodeproducto familia categorie
    tipoprodotto reparto categoriaprodotto productgroep productsoort artikelgroep danhmuc danhmucsanpham loai loaisanpham
    nhomhang nganhhang`),
  brand: words(`
    brand brandname vendor manufacturer designer marke hersteller marque fabricant marca fabricante marchio produttore merk
    fabrikant leverancier thuonghieu nhanhieu nhasanxuat`),
  color: words(`
    color colour colorname farbe farbname farbbezeichnung couleur coloris colore kleur mausac mau`),
  availability: words(`
    availability stockstatus instock instockstatus isinstock stock quantity qty stockquantity inventory verfugbarkeit
    verfuegbarkeit lagerstatus lieferstatus lagerbestand bestand menge disponibilite etatdustock enstock quantite
    disponibilidad estadostock existencias inventario cantidad disponibilita giacenza quantita beschikbaarheid voorraadstatus
    opvoorraad voorraad aantal tinhtrangkho tinhtrangkhohang trangthaikho conhang tonkho soluongton soluong tinhtrang`),
  url: words(`
    url link producturl productlink productpage permalink deeplink produktlink produkturl artikellink artikelurl lien lienproduit
    urlproduit enlace urlproducto enlaceproducto linkprodotto urlprodotto productpagina linksanpham duongdan lienket`),
  groupId: words(`
    itemgroupid groupid parentid parent parentsku parentproductid mastersku masterid styleid modelid stylecode gruppe
    gruppenid modell modele idparent parentreference grupo idgrupo modelo gruppo idgruppo modello groep groepid model manhom`),
  sku: words(`
    sku artikelnummer artikelnr bestellnummer articlenumber itemnumber reference referenz mpn stockcode referencia codigo
    codicearticolo codice riferimento artikelcode referentie masanpham masp mahang`),
  size: words(`
    size sizename sizevalue sizelabel productsize variantsize eusize shoesize clothingsize groesse grosse konfektionsgrosse
    schuhgrosse kleidergrosse taille pointure talla tallas taglia misura maat schoenmaat kledingmaat kichco
    kichthuoc size1 cogiay`),
  stock: words(`
    stock stockquantity stocklevel stockqty qty quantity inventory inventoryquantity onhand quantityavailable availablequantity
    lagerbestand bestand menge stuckzahl lagermenge quantite quantitestock stockdisponible existencias cantidad inventario
    giacenza quantita qta voorraad voorraadaantal aantal tonkho soluongton soluong sl`),
  gtin: words(`
    gtin gtin14 gtin13 gtin12 gtin8 ean ean13 ean8 eancode upc upca upccode barcode barcodenumber isbn isbn13 isbn10 gtinean
    eangtin gtinupceanisbn gtinupceanorisbn strichcode eannummer codebarre codebarres codeean codigobarras
    codigodebarras codigoean codiceabarre codicebarre codiceean streepjescode mavach mavachsp`),
};
/**
 * Prices other than what a product costs: the former price, the recommended one, the shop's own cost, or the price without
 * tax.
 */
const OTHER_PRICES = words(`
    msrp rrp srp listprice compareatprice compareat wasprice oldprice previousprice cost costprice costperitem purchaseprice
    wholesaleprice netprice pricenet priceexclvat priceexvat priceextax pricewithouttax shipping shippingcost shippingprice
    uvp streichpreis altpreis alterpreis einkaufspreis ek ekpreis nettopreis preisnetto preisohnemwst grundpreis versandkosten
    prixbarre ancienprix prixachat prixdachat prixht prixconseille fraisdeport precioanterior precioantes preciotachado
    preciocoste preciosiniva costo pvpr gastosdeenvio prezzodilistino prezzobarrato prezzoacquisto prezzonetto prezzosenzaiva
    spesedispedizione inkoopprijs adviesprijs vanprijs oudeprijs prijsexclbtw verzendkosten gianhap giavon giacu giathitruong`);
/** Numbers of a product that a shop does not use as its id. */
const OTHER_IDS = words(`gtin ean ean13 upc barcode isbn mpn asin handle slug hsn hscode taric position`);
/** Pictures of something else, or smaller versions of the same ones. */
const OTHER_IMAGES = /logo|icon|swatch|thumb|vorschau|vignette|flag/;

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}

/** Members whose name means nothing without the name before it: `brand.name`, `price.amount`. */
const WORDS = new Set('name value amount label text title default'.split(' '));
/** The same for pictures: `images[*].src`. */
const REFERENCES = new Set('src url href link contenturl original large'.split(' '));
const REQUIRED = ['id', 'title', 'images'] as const;

/** The required fields that the mapping does not contain. */
export function missingFields(fields: FieldMapping): (typeof REQUIRED)[number][] {
  return REQUIRED.filter((field) => !fields[field]);
}

/**
 * Guesses the field of each column or JSON path by its name; the admin can correct the guess. Each place is given to one
 * field, with two exceptions: a number that is both id and SKU is given to both, and a quantity to both availability and
 * stock.
 */
export function proposeFields(places: readonly string[]): FieldMapping {
  const proposed: FieldMapping = {};
  const taken = new Set<string>();
  for (const field of mappedField.options) {
    const found = field === 'images' ? imagePlaces(places) : bestPlace(places, field, taken);
    if (found.length === 0) continue;
    proposed[field] = found;
    if (field !== 'id' && field !== 'availability') for (const place of found) taken.add(place);
  }
  return proposed;
}

function bestPlace(places: readonly string[], field: MappedField, taken: ReadonlySet<string>): string[] {
  const free = places.filter((place) => !place.includes('[*]') && !taken.has(place));
  for (const name of NAMES[field]) {
    const found = free.filter((place) => namesOf(place, field).includes(name));
    if (found.length > 0) return found.sort((a, b) => a.split('.').length - b.split('.').length).slice(0, 1);
  }
  return [];
}

/** The names of a place. A price may have its currency in its name. */
function namesOf(place: string, field: MappedField): string[] {
  const isPrice = field === 'price' || field === 'salePrice';
  return [...meanings(place), ...((isPrice && withoutCurrency(place)?.names) || [])];
}

/** "Image 1", "Image 2" and "images[*].src" are all pictures; "brand.image" is not. */
function imagePlaces(places: readonly string[]): string[] {
  const names = NAMES.images;
  const found = places.filter((place) => {
    const [first = '', ...rest] = place.split('.').map(plain);
    const name = rest.every((part) => REFERENCES.has(part)) ? first : first + rest.join('');
    return names.includes(name.replaceAll(/\d+/g, ''));
  });
  return found.slice(0, 20);
}

/** The names to compare for a place: its whole path, and its last meaningful part. */
function meanings(place: string): string[] {
  const parts = place.split('.').map(plain);
  const last = parts.findLast((part) => part !== '' && !WORDS.has(part)) ?? parts.at(-1) ?? '';
  return [parts.join(''), last];
}

const plain = (name: string): string =>
  name
    .normalize('NFD')
    .toLowerCase()
    .replaceAll('đ', 'd')
    .replaceAll('ß', 'ss')
    .replaceAll(/[^a-z0-9]/g, '')
    .replace(/^g(?=id$|title$|imagelink$)/, '');

/** The currency in the name of a price's place: "Preis EUR", "Price (USD)", "Giá bán (VNĐ)", "price_eur". */
export function currencyOfPlace(place: string): string | null {
  const found = withoutCurrency(place);
  const names = [...NAMES.price, ...NAMES.salePrice, ...OTHER_PRICES];
  return found?.names.some((name) => names.includes(name)) ? found.currency : null;
}

/** The names of a place that begins or ends with a currency, without the currency; null when it does not. */
function withoutCurrency(place: string): { names: string[]; currency: string } | null {
  const parts = place.replaceAll(/(\p{Ll})(\p{Lu})/gu, '$1 $2').match(/[\p{L}\d]+|\p{Sc}/gu) ?? [];
  for (const at of [parts.length - 1, 0]) {
    const mark = parts.length > 1 ? readMark(parts[at] ?? '') : null;
    const [currency, ...more] = mark?.currencies ?? [];
    if (!currency || more.length > 0) continue;
    const rest = parts.filter((part, index) => index !== at && !/^(in|en)$/i.test(part));
    return { names: [plain(rest.join('')), plain(rest.at(-1) ?? '')], currency };
  }
  return null;
}

/**
 * The field that the values of an unused column look like, so that the admin notices the column. Null when they look like
 * none, or when the column is known to be useless here ("UVP" next to a price).
 */
export function looksLike(
  column: string,
  values: readonly string[],
  fields: FieldMapping,
): 'price' | 'images' | 'id' | null {
  const name = plain(column);
  const most = (test: (value: string) => boolean) => values.filter(test).length >= values.length * 0.8;
  if (values.length === 0) return null;
  if (most((value) => IMAGE_FILE.test(value)))
    return fields.images && OTHER_IMAGES.test(name) ? null : 'images';
  const known = [...meanings(column), ...(withoutCurrency(column)?.names ?? [])];
  if (!fields.price || !known.some((each) => OTHER_PRICES.includes(each))) {
    const priced = PRICE_NAME.test(name) || most((value) => /[^\d\s.,'’-]/.test(value));
    const enough = priced || (!fields.price && most((value) => /\d[.,]\d\d$/.test(value)));
    if (enough && most((value) => typeof readPrice(value, null) !== 'string')) return 'price';
  }
  const numbered = new Set(values).size === values.length && most((value) => ARTICLE_NUMBER.test(value));
  const wanted = !fields.id || !fields.sku;
  return wanted && numbered && values.length > 2 && !known.some((each) => OTHER_IDS.includes(each))
    ? 'id'
    : null;
}

const IMAGE_FILE = /\.(?:jpe?g|jfif|png|webp|gif|avif|tiff?|heic)(?:$|[?#|;,\s])/i;
const PRICE_NAME = /pr(?:ice|eis|ix|ecio|ezzo|ijs)|^gia|tarif/;
/** "AB-1234", "40213": letters, or at least five digits, without spaces; no date. */
const ARTICLE_NUMBER = /^(?!\d{4}-\d\d-)(?=.*\d)(?=.*[a-z]|\d{5})[a-z0-9]+(?:[-_./][a-z0-9]+)*$/i;

/**
 * Reads the fields of an item by a mapping: all images, and the first value of each other field. The currency may come from
 * the name of the price's place.
 */
export function mapped(
  fields: FieldMapping,
  valuesAt: (place: string) => unknown[],
): Fields & { images: unknown[] } {
  const isThere = (value: unknown) => value !== null && value !== '';
  const single: Fields = Object.fromEntries(
    mappedField.options
      .filter((field) => field !== 'images')
      .map((field) => [field, (fields[field] ?? []).flatMap(valuesAt).find(isThere)]),
  );
  const pricePlace = [...(fields.price ?? []), ...(fields.salePrice ?? [])].find((place) =>
    valuesAt(place).some(isThere),
  );
  return {
    ...single,
    currency: single.currency ?? (pricePlace === undefined ? undefined : currencyOfPlace(pricePlace)),
    images: (fields.images ?? []).flatMap(valuesAt).flat(),
  };
}
