import type { Availability } from '../../contract/catalog.ts';
import { readDeliveryTime } from './delivery-time.ts';

/**
 * Phrases that feeds write for availability: in English, German, French, Spanish, Italian, Dutch and Vietnamese, without
 * accents and signs, with single spaces. A longer text counts by the longest phrase that it begins with ("in stock - ships
 * in 24h"). So a phrase whose end contradicts its beginning needs a line of its own ("available soon").
 */
const PHRASES: Record<Availability, string> = {
  'in stock': `
    in stock, in stock now, instock, stock, on stock, available, available now, available for order, available to order,
    immediately available, readily available, ready to ship, ready for dispatch, ships today, ships immediately,
    limited availability, limited stock, low stock, low in stock, few left, last few, last items, last one, last pieces,
    available in store, available in stores, in store only, in store, online only, in warehouse, on hand, on shelf,
    auf lager, am lager, ab lager, lager, lagernd, an lager, vorratig, vorhanden, lieferbar, sofort, sofort lieferbar,
    sofort verfugbar, verfugbar, verfuegbar, auf vorrat, versandfertig, sofort versandfertig, begrenzt verfugbar,
    wenige verfugbar, nur noch wenige, geringer bestand, letzte stucke, restposten, im laden verfugbar, kurzfristig lieferbar,
    en stock, stock disponible, disponible, disponibles, dispo, immediatement disponible, disponible immediatement,
    derniers articles, dernieres pieces, derniere piece, stock limite, stock faible, plus que quelques, livrable, en magasin,
    en existencia, hay stock, con stock, hay existencias, existencias, disponible ahora, entrega inmediata, pocas unidades,
    ultimas unidades, ultima unidad, bajo stock, stock bajo, en tienda,
    in magazzino, disponibile, disponibili, disponibilita immediata, immediatamente disponibile, a magazzino, pronta consegna,
    ultimi pezzi, ultimo pezzo, scorte limitate, pochi pezzi, in negozio, giacenza,
    op voorraad, uit voorraad leverbaar, voorradig, leverbaar, beschikbaar, direct leverbaar, direct beschikbaar,
    beperkt beschikbaar, beperkte voorraad, laatste stuks, laatste exemplaren, bijna uitverkocht, in voorraad,
    con hang, co hang, co san, san hang, hang co san, dang con hang, sap het hang, con it hang, so luong co han, giao ngay,
    back in stock, restocked, available again, again available, in stock again, obtainable, purchasable, for sale,
    buy now, orderable now, same day, next day, ships tomorrow, ships same day, ships next day, delivery tomorrow,
    delivered tomorrow, arrives tomorrow, fast delivery, express delivery, immediate delivery, immediate dispatch,
    ready for pickup, ready for collection, pickup today, limited quantity, almost gone, nearly sold out, selling fast,
    wieder da, wieder auf lager, wieder am lager, wieder verfugbar, wieder lieferbar, wieder vorratig, wieder erhaltlich,
    wieder im sortiment, wieder eingetroffen, wieder zu haben, jetzt verfugbar, jetzt wieder verfugbar, jetzt lieferbar,
    erhaltlich, im lager, ab lager lieferbar, schnell lieferbar, umgehend lieferbar, prompt lieferbar, morgen lieferbar,
    lieferung morgen, morgen bei dir, morgen bei ihnen, versand heute, versand noch heute, heute versandfertig,
    lieferzeit sofort, abholbereit, fast ausverkauft, bald ausverkauft, kaufbar, auslaufartikel, wenig bestand,
    de nouveau en stock, de nouveau disponible, a nouveau disponible, a nouveau en stock, de retour, de retour en stock,
    disponible a nouveau, disponible de nouveau, reapprovisionne, envoi immediat, expedition immediate, livraison immediate,
    livraison rapide, livraison demain, livre demain, expedie aujourd hui, expedie le jour meme, expedition le jour meme,
    depart immediat, pret a expedier, pret a etre expedie, presque epuise, bientot epuise, en vente, en entrepot,
    de nuevo en stock, de nuevo disponible, disponible de nuevo, disponible otra vez, otra vez disponible, otra vez en stock,
    ya disponible, de vuelta, vuelve a estar disponible, nuevamente disponible, envio inmediato, envio hoy,
    envio rapido, listo para enviar, en almacen, en inventario, entrega manana, recibelo manana, disponibilidad inmediata,
    entrega rapida, a la venta, casi agotado, proximo a agotarse,
    di nuovo disponibile, nuovamente disponibile, tornato disponibile, di nuovo in stock, di nuovo in magazzino, riassortito,
    ora disponibile, disponibile subito, subito disponibile, in pronta consegna, spedizione immediata, consegna immediata,
    consegna rapida, consegna domani, spedito oggi, pronto per la spedizione, pronto alla spedizione, acquistabile, in vendita,
    quasi esaurito, in esaurimento, disponibilita limitata, ritirabile in negozio,
    verkrijgbaar, nu verkrijgbaar, weer verkrijgbaar, weer op voorraad, weer leverbaar, weer beschikbaar, weer binnen,
    terug op voorraad, terug in voorraad, uit voorraad, direct uit voorraad, snel leverbaar, meteen leverbaar,
    per direct leverbaar, morgen in huis, morgen geleverd, morgen bezorgd, vandaag verzonden, vandaag besteld morgen in huis,
    vandaag nog verzonden, in magazijn, lage voorraad, nog enkele, op is op, te koop, af te halen,
    co hang lai, co hang tro lai, co lai hang, da co hang, da co hang lai, da ve hang, hang da ve, hang ve lai, hang moi ve,
    giao trong ngay, giao hang ngay, giao hang nhanh, giao nhanh, san sang giao, co san tai kho, co san tai cua hang, dang ban`,
  'out of stock': `
    out of stock, outofstock, not in stock, no stock, zero stock, stock out, sold out, soldout, unavailable, not available,
    no longer available, no longer in stock, discontinued, end of life, eol, reserved, sold, none, none left, none in stock,
    nicht auf lager, nicht am lager, nicht lagernd, nicht vorratig, nicht vorhanden, nicht lieferbar, nicht verfugbar,
    nicht verfuegbar, nicht mehr lieferbar, nicht mehr verfugbar, nicht mehr auf lager, nicht mehr im sortiment, ausverkauft,
    vergriffen, kein bestand, kein lagerbestand, keine lieferung, auslaufartikel nicht verfugbar, verkauft, abverkauft,
    en rupture, en rupture de stock, rupture, rupture de stock, hors stock, epuise, epuises, stock epuise, indisponible,
    non disponible, pas disponible, plus disponible, pas en stock, plus en stock, vendu, arrete, fin de serie epuise,
    sin stock, sin existencias, fuera de stock, agotado, agotados, agotada, no disponible, ya no disponible, no hay stock,
    no hay existencias, vendido, descatalogado, descontinuado,
    esaurito, esauriti, esaurita, non disponibile, non disponibili, non piu disponibile, non in magazzino, terminato, venduto,
    fuori produzione, fuori stock, scorte esaurite,
    niet op voorraad, niet in voorraad, niet voorradig, niet leverbaar, niet beschikbaar, niet meer leverbaar,
    niet meer op voorraad, uitverkocht, geen voorraad, uit assortiment, verkocht,
    het hang, tam het hang, tam thoi het hang, da het hang, het, khong con hang, khong co san, khong co hang, chua co hang,
    chay hang, da ban, da ban het, ngung ban, ngung kinh doanh, ngung san xuat,
    oos, out, out of print, retired, ended, inactive, not obtainable, not for sale, no longer sold, no longer made,
    not deliverable, currently not available, notify me, notify me when available,
    nicht erhaltlich, nicht mehr erhaltlich, nicht mehr da, nicht im lager, nicht mehr vorratig, nicht mehr im programm,
    ausgelistet, eingestellt, nicht bestellbar, nicht mehr bestellbar, lager leer,
    non livrable, non commercialise, plus commercialise, plus en vente, produit arrete, pas livrable, plus livrable, plus de stock,
    sin unidades, no quedan, no quedan unidades, no esta disponible, no se vende, fuera de catalogo, fuera de produccion,
    non acquistabile, non ordinabile, non consegnabile, fuori catalogo, non piu in vendita, esaurito temporaneamente, finito,
    niet verkrijgbaar, niet meer verkrijgbaar, niet meer beschikbaar, niet meer voorradig, niet te koop, niet bestelbaar,
    niet meer bestelbaar, op dit moment niet leverbaar,
    tam ngung, tam ngung ban, khong ban, khong con, khong con ban, ngung cung cap, hang het`,
  preorder: `
    preorder, pre order, presale, pre sale, coming soon, available soon, available from, available on,
    expected, soon available, upcoming, made to order, back soon, not yet available, release date,
    vorbestellung, vorbestellbar, vorbestellen, vorverkauf, demnachst, demnachst verfugbar, bald verfugbar, bald lieferbar,
    in kurze verfugbar, in kurze lieferbar, lieferbar ab, verfugbar ab, erscheint am, noch nicht erschienen,
    noch nicht lieferbar, noch nicht verfugbar, neu ab, auf mass gefertigt, massanfertigung,
    precommande, pre commande, en precommande, a paraitre, bientot, bientot disponible, disponible bientot,
    disponible le, disponible des, disponible a partir, prochainement, pas encore disponible,
    preventa, en preventa, reserva, en reserva, preventa disponible, proximamente, proximamente disponible, disponible pronto,
    disponible a partir del, disponible el, muy pronto, aun no disponible,
    prevendita, in prevendita, preordine, in preordine, preordinabile, prenotabile, prossimamente, in arrivo,
    presto disponibile, disponibile a breve, disponibile dal, disponibile da, disponibile presto, non ancora disponibile,
    voorbestelling, voorverkoop, te reserveren, binnenkort, binnenkort leverbaar, binnenkort beschikbaar, leverbaar vanaf,
    beschikbaar vanaf, verwacht, nog niet leverbaar, nog niet beschikbaar, nog niet verschenen,
    dat truoc, dat hang truoc, cho dat truoc, sap ve, sap ve hang, sap co, sap co hang, hang sap ve, sap ra mat, chua ra mat,
    arriving soon, back in stock soon, expected soon, available shortly, launching soon,
    bald wieder da, bald wieder verfugbar, bald wieder lieferbar, bald wieder erhaltlich, bald erhaltlich, erhaltlich ab,
    in kurze, in kurze erhaltlich, wieder verfugbar ab, wieder lieferbar ab, erwartet, vorankundigung,
    bientot de retour, de retour bientot, bientot en stock, disponible prochainement, a venir, en stock le,
    disponible proximamente, de vuelta pronto, pronto disponible, disponible en breve, de nuevo disponible el,
    presto di nuovo disponibile, disponibile prossimamente, di prossima uscita, presto in arrivo,
    binnenkort verkrijgbaar, binnenkort weer leverbaar, binnenkort weer op voorraad, verkrijgbaar vanaf, binnenkort weer beschikbaar,
    sap co lai, sap co hang lai, sap phat hanh, sap mo ban`,
  backorder: `
    backorder, back order, backordered, on backorder, onbackorder, available on backorder, back ordered, on order,
    special order, to order, order only, by order, on demand, on request,
    nachbestellt, nachbestellung, wird nachbestellt, lieferruckstand, im ruckstand, ruckstand, auf bestellung, bestellt,
    auf anfrage, nur auf bestellung, bestellbar, beim lieferanten bestellt, im zulauf, im anlauf, lieferzeit auf anfrage,
    sur commande, en reapprovisionnement, reapprovisionnement, reappro, en cours de reapprovisionnement, sur demande,
    en commande, commande fournisseur, en attente de reapprovisionnement,
    bajo pedido, sobre pedido, por encargo, bajo demanda, pendiente de reposicion, en reposicion, en camino,
    su ordinazione, su ordine, su richiesta, in riassortimento, riassortimento, in riordino, ordinabile, arretrato,
    op bestelling, nabestelling, in nabestelling, in backorder, bestelbaar, op aanvraag, in bestelling, nalevering,
    hang dat, dat hang, hang order, theo don dat hang, nhan dat hang, cho nhap hang,
    awaiting stock, more on the way, on its way, in transit, due in, orderable, upon request, price on request, in production,
    auf nachfrage, wird bestellt, wird beschafft, wird nachgeliefert, nachlieferung, auf nachbestellung, in produktion, ware unterwegs,
    lieferung nach absprache, lieferzeit nach absprache,
    en cours d approvisionnement, reassort en cours, en cours de reassort, attente fournisseur, en cours de fabrication,
    nous consulter, a la demande, commande speciale,
    consultar, consultar disponibilidad, a consultar, bajo consulta, en transito, en produccion, fabricacion bajo pedido,
    in fase di riassortimento, in fase di riordino, da ordinare, contattaci, in produzione, in transito,
    onderweg, wordt nabesteld, wordt besteld, in productie, levertijd op aanvraag, neem contact op,
    lien he, dang ve, hang dang ve, dang nhap hang, dat theo yeu cau, lam theo yeu cau`,
};

/**
 * Yes in these languages, as people and Excel write it. A single letter is the first letter of such a word: "J", "O", "S".
 */
const YES = '1 true yes y t wahr ja j vrai oui o verdadero si s vero waar dung co x on ✓ ✔ ☑'.split(' ');
const NO = '0 false no n f falsch nein faux non falso onwaar nee sai khong off ✗ ✘ ☒'.split(' ');

/** Words that may precede the phrase: "momentan ausverkauft", "temporarily out of stock", "plus que 3 en stock". */
const ADVERBS = new Set(
  `stock quantity qty menge anzahl quantite cantidad quantita aantal currently temporarily now still only just presently momentarily item product status availability
  lager jetzt momentan derzeit aktuell zurzeit zur zeit z voruebergehend vorubergehend leider nur noch artikel bestand lagerbestand
  actuellement maintenant temporairement momentanement encore seulement plus que article produit
  actualmente ahora temporalmente momentaneamente solo quedan queda articulo producto
  attualmente adesso temporaneamente ancora articolo prodotto
  momenteel nu tijdelijk nog slechts artikel voorraad
  hien tai tam thoi chi con san pham`.split(/\s+/),
);

/** Words that may follow a quantity. A number before any other word ("3 days", "2 Werktage") is no quantity. */
const UNITS = new Set(
  `pc pcs piece pieces unit units item items ea each left remaining available pair pairs
  st stk stuck stueck einheit einheiten paar ubrig
  piece pieces unite unites article articles restant restants exemplaire exemplaires paire paires
  ud uds unidad unidades pieza piezas articulo articulos par pares
  pz pezzo pezzi unita articolo articoli paio paia
  stuks exemplaren paren
  cai chiec bo doi sp san pham con lai`.split(/\s+/),
);

const MEANINGS = new Map<string, Availability>(
  (['in stock', 'out of stock', 'preorder', 'backorder'] as const).flatMap((meaning) =>
    PHRASES[meaning].split(',').map((phrase) => [phrase.replaceAll(/\s/g, ''), meaning] as const),
  ),
);
/** A phrase of one word this short must be the whole text: "sold by", and Dutch "het", which Vietnamese also has. */
const SHORT_WORD = 5;

/**
 * Reads what a feed says of availability: a phrase in one of seven languages, a schema.org URL, yes or no, or a quantity
 * ("12 pcs", "10+", "> 10", "2,0"). Zero and less are out of stock; shops that oversell write negative numbers.
 * @returns undefined when it is none of these
 */
export function readAvailability(written: string): Availability | undefined {
  return readPhrase(plain(/^https?:\/\/schema\.org\/(\w+)$/i.exec(written.trim())?.[1] ?? written));
}

/** Reads yes or no in any of the languages; undefined when the text says neither. */
export function readYesNo(written: unknown): boolean | undefined {
  if (typeof written === 'boolean') return written;
  const word = plain(String(written));
  if (YES.includes(word)) return true;
  return NO.includes(word) ? false : undefined;
}

/** @param text in the form of `plain`, as in the functions below */
function readPhrase(text: string): Availability | undefined {
  const isAvailable = readYesNo(text) ?? readQuantity(text);
  if (isAvailable !== undefined) return inStock(isAvailable);
  const byTime = readDeliveryTime(text);
  if (byTime) return byTime;
  const words = [...text.matchAll(WORD)].map((word) => ({ word: word[0], end: word.index + word[0].length }));
  for (let count = words.length; count > 0; count--) {
    const phrase = words.slice(0, count).map(({ word }) => word);
    const meaning = MEANINGS.get(phrase.join(''));
    const rest = text.slice(words[count - 1]?.end);
    const begins = count > 1 || count === words.length || phrase.join('').length > SHORT_WORD;
    if (meaning && begins) return meaning === 'in stock' ? unlessTakenBack(rest) : meaning;
  }
  const [first] = words;
  return first && ADVERBS.has(first.word) ? readPhrase(withoutSeparator(text.slice(first.end))) : undefined;
}

/** "In stock: 0" and "available (no)": a value of its own after the phrase decides. */
function unlessTakenBack(rest: string): Availability {
  const behind = withoutSeparator(rest.replaceAll(/[()]/g, ' '));
  return inStock(readYesNo(behind) ?? readQuantity(behind) ?? true);
}

/** ": 3", "= 3" and " - 3" become "3"; "-3" stays. */
const withoutSeparator = (rest: string): string => rest.replace(/^\s*(?:[:=–—]|-\s)?\s*/, '').trim();

/** Whether a text that is a number, with at most a unit, is more than zero; undefined for other texts. */
function readQuantity(text: string): boolean | undefined {
  const parts =
    /^(?:(?:more than|over|at least|mehr als|uber|mindestens|plus de|mas de|piu di|oltre|meer dan|hon|tren) )?([<>≥≤~]=?)?\s*([-−]?)\s*(\d[\d.,\s']*?)\s*\+?(?:\s*([^\d]+))?$/.exec(
      text,
    );
  if (!parts) return undefined;
  const [, sign = '', minus, digits = '', unit = ''] = parts;
  const units = unit.match(WORD) ?? [];
  if (!units.every((word) => UNITS.has(word)) && MEANINGS.get(units.join('')) !== 'in stock')
    return undefined;
  const none = minus !== '' || /^[0.,\s']+$/.test(digits) || (sign === '<' && /^1(?:[.,]0+)?$/.test(digits));
  return !none;
}

const inStock = (there: boolean): Availability => (there ? 'in stock' : 'out of stock');

const WORD = /[\p{L}\d✓✔☑✗✘☒]+/gu;

/**
 * The form in which texts are compared: lower case, without accents and double spaces; "InStock" and "in_stock" become two
 * words.
 */
function plain(text: string): string {
  return text
    .replaceAll(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .normalize('NFKD')
    .replaceAll(/\p{Mn}/gu, '')
    .toLowerCase()
    .replaceAll('đ', 'd')
    .replaceAll('ß', 'ss')
    .replaceAll(/[\s_]+/g, ' ')
    .trim();
}
