import type { Availability } from '../../contract/catalog.ts';

/** A product with a longer delivery time is not in stock: the shop orders it, or has it made. */
const MOST_DAYS_FROM_STOCK = 10;

const set = (words: string): ReadonlySet<string> => new Set(words.trim().split(/\s+/));

/** Words that mark a time as a delivery time: "Lieferzeit 3 Tage", "3 jours de livraison". In the form of `plain`. */
const DELIVERY = set(`
  delivery delivered delivers deliver deliverable lead leadtime ship ships shipped shipping shipment shippable dispatch dispatched
  dispatches despatch despatched arrives arrive handling available availability within ready
  lieferzeit lieferzeiten lieferung lieferbar lieferfrist lieferdauer liefertermin geliefert versand versandzeit versandfertig
  versandbereit versendet versandt verschickt zustellung zugestellt beschaffungszeit verfugbar verfuegbar erhaltlich innerhalb binnen
  livraison livre livree livres livrable delai delais expedie expediee expedies expedition envoi envoye disponible dispo sous
  entrega entregas entregado envio envios enviado envia plazo despacho recibelo llega
  consegna consegne consegnato spedizione spedizioni spedito spedita spediamo tempi evasione disponibile disponibili entro
  levertijd levering leverbaar geleverd verzending verzonden verzendtijd bezorging bezorgd bezorgtijd beschikbaar verkrijgbaar huis
  giao van trong`);

/** Words that may come first: "ca. 3 Tage Lieferzeit", "usually ships in 24 hours". */
const BEFORE = set(`
  about approx approximately estimated est expected usually normally typically generally currently item product standard in the at
  ca circa etwa ungefahr rund voraussichtlich voraussichtliche gewohnlich normalerweise in der regel meist zzt derzeit aktuell unsere
  environ approximativement generalement habituellement normalement actuellement en dans
  aprox aproximadamente normalmente generalmente habitualmente tiempo tiempos de se actualmente
  solitamente generalmente di solito tempo tempi attualmente
  ongeveer gewoonlijk meestal doorgaans gemiddeld gemiddelde momenteel
  khoang du kien thuong thoi gian hang`);

/** Words that may be between numbers, and between a number and its unit: "2 to 3 business days". */
const BETWEEN = set(`
  to or and business working full calendar bis oder und max maximal a au ou et o y e tot of en den hoac
`);

const NEGATIONS = set(
  'not no non nicht kein keine pas ne sin niet geen khong out never unavailable without ohne',
);

/** Days in each unit of time, by its names in the seven languages. */
const DAYS: ReadonlyMap<string, number> = new Map(
  Object.entries({
    'h hr hrs hour hours std stunde stunden heure heures hora horas ora ore uur uren gio tieng': 1 / 24,
    'd day days weekday weekdays tag tage tagen werktag werktage werktagen arbeitstag arbeitstage arbeitstagen wt at j jour jours dia dias giorno giorni gg dag dagen werkdag werkdagen ngay': 1,
    'w wk wks week weeks woche wochen semaine semaines semana semanas settimana settimane sett weken wkn tuan': 7,
    'month months monat monate monaten mois mes meses mese mesi maand maanden thang': 30,
  }).flatMap(([names, days]) => names.split(' ').map((name): [string, number] => [name, days])),
);

const NUMBERS: ReadonlyMap<string, number> = new Map(
  [
    'one ein eine einer einem eines einen un une una uno een mot',
    'two zwei deux dos due twee hai couple',
    'three drei trois tres tre drie ba',
    'four vier quatre cuatro quattro bon',
  ].flatMap((names, index) => names.split(' ').map((name): [string, number] => [name, index + 1])),
);

/**
 * Reads availability from a delivery time: "Lieferzeit 2-3 Werktage" and "ships within 24h" are in stock, "ships in 2 weeks"
 * is a backorder. A time alone ("3 days") can mean anything.
 * @param text in lower case and without accents
 * @returns undefined when the text does not begin with such a time
 */
export function readDeliveryTime(text: string): Availability | undefined {
  const words = text.match(/\p{L}+|\d+/gu) ?? [];
  const first = words.find((word) => !BEFORE.has(word)) ?? '';
  const begins = DELIVERY.has(first) || numberOf(first) !== undefined;
  if (!begins || !words.some((word) => DELIVERY.has(word)) || words.some((word) => NEGATIONS.has(word))) {
    return undefined;
  }
  const days = longestTime(words);
  if (days === undefined) return undefined;
  return days <= MOST_DAYS_FROM_STOCK ? 'in stock' : 'backorder';
}

/** In days; undefined when there is no number before a unit of time. */
function longestTime(words: readonly string[]): number | undefined {
  let longest: number | undefined;
  let numbers: number[] = [];
  for (const word of words) {
    const number = numberOf(word);
    const unit = DAYS.get(word);
    if (number !== undefined) numbers.push(number);
    else if (unit !== undefined && numbers.length > 0) {
      longest = Math.max(longest ?? 0, ...numbers.map((each) => each * unit));
      numbers = [];
    } else if (!BETWEEN.has(word)) numbers = [];
  }
  return longest;
}

const numberOf = (word: string): number | undefined =>
  /^\d+$/.test(word) ? Number(word) : NUMBERS.get(word);
