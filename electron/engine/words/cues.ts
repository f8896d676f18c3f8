// Words that say nothing of a product themselves, but how the others are meant.
import type { Token } from './forms.ts';

const setOf = (list: string): ReadonlySet<string> => new Set(list.trim().split(/[\s,]+/));

/** Words are compared with their marks: without them "für" is fur, and "đen", which is black, a German article. */
const isIn = (words: ReadonlySet<string>, { written }: Token): boolean => words.has(written);

/** What follows is not wanted. */
const NEGATIONS = setOf(`
not no without except excluding exclude minus nothing isn aren don doesn never nor neither avoid
nicht kein keine keinen keiner keinem keines ohne ausser außer weder
sans pas sauf aucun aucune ni hors hormis
sin excepto salvo ninguno ninguna tampoco
senza non tranne eccetto niente nessun nessuna
zonder geen niet behalve
không khong khỏi trừ đừng chẳng`);

/** Several words together that mean "not". */
const NEGATION_PHRASES: readonly (readonly string[])[] = [
  'anything but',
  'anything except',
  'other than',
  'rather not',
  'alles ausser',
  'alles außer',
  'w o',
  'tout sauf',
  'todo menos',
  'tutto tranne',
  'alles behalve',
  'ngoại trừ',
  'không phải',
  'không có',
  'but no',
  'but not',
].map((phrase) => phrase.split(' '));

/** What follows is wanted again. */
const ENDS_NEGATION = setOf(`
but with in for rather instead just only please
aber mit im sondern für lieber nur bitte
mais avec dans en pour plutôt plutot
pero con para sino solo
ma però per anche
maar met voor alleen
nhưng với cho`);

/** Joins alternatives. */
const CONNECTORS = setOf('or and oder und ou et o y u e of en hoặc hay và');

/** Says nothing of a product. */
const FUNCTION_WORDS = setOf(`
a an and any anything are as at be by can colour colored coloured color cheap cheaper buy do does find for from get give have has
how i i'm if in is it it's item items just kind like ll look looking m me my need of on one ones only or our please piece pieces
product products re s see show size sized so some someone something somebody style styles t than that the their them these they
thing things pattern this those to too tone up us ve very want wanted we what which who will with would you your yours got also both
customer looks nice pretty good new affordable inexpensive same but pattern patterns type sort colours colors fabric
ein eine einen einem einer eines der die das den dem des und oder mit für in im am an auf aus bei von vom zu zum zur ist sind
ich wir suche suchen möchte moechte haben hätte gerne bitte was welche welcher farbe farben farbig größe groesse etwas irgendwas
als auch nur zeig zeige mir muster stoff fuer moechte artikel produkt stück günstig guenstig billig schön preiswert
un une des le la les l d de du et ou à a au aux avec en dans pour par sur est sont je nous cherche cherchons voudrais veux quelque
chose couleur taille ce cette ces qui que plus article produit modèle montrez motif motifs tissu moi s'il vous plaît plait pas
el la los las uno una unos unas y o con en para por de del al es son busco quiero necesito algo color talla que este esta estos
muéstrame muestrame artículo producto estampados tejidos barato barata baratos baratas tono
il lo gli i uno una e o con in per da di del della dei delle dello nel nella su sono è cerco vorrei qualcosa colore taglia che
questo questa mostrami articolo prodotto economico economica economici economiche
het een de en of met in voor van op aan uit is zijn ik wij zoek wil graag iets kleur maat die dat deze dit artikel toon laat zien
goedkoop goedkope
một cái chiếc những các và hoặc với có cho màu mầu của tôi cần tìm muốn mua là cỡ kiểu loại hàng đồ nào gì giá rẻ
two three four zwei drei vier deux trois quatre dos tres cuatro due tre quattro twee drie hai sea sean`);

const SIZE_CUES = setOf('size sz gr größe groesse taille talla taglia maat cỡ pointure numero shoe-size');

/** Of a price nobody can tell what they mean, but "not too expensive" is no negation of what follows. */
const VAGUE = setOf(
  'expensive pricey dear costly teuer cher chère chers caro cara costoso costosa duur dure đắt big large loud formal fancy boring',
);

/** Words of other languages that carry no meaning there, and do in a Vietnamese text: "túi da" is a bag of leather. */
const VIETNAMESE_WORDS: ReadonlySet<string> = new Set(['da']);

export const isVietnameseWord = ({ written }: Token): boolean => VIETNAMESE_WORDS.has(written);

export const isVague = (word: Token): boolean => isIn(VAGUE, word);

/** Whether a word asks for a size after it: "size 42". */
export const asksForSize = (word: Token): boolean => isIn(SIZE_CUES, word);
export const endsNegation = (word: Token): boolean => isIn(ENDS_NEGATION, word);
export const isConnector = (word: Token): boolean => isIn(CONNECTORS, word);
export const isFunctionWord = (word: Token): boolean => isIn(FUNCTION_WORDS, word);

/** Not "not": "No. 5" is a number, and "pas cher" is cheap. */
const AFTER_NO = /^(?:\d|chers?$|ch[eè]res?$)/;

/** The number of words from a place that together say that what follows is not wanted; 0 for none. */
export function negationAt(tokens: readonly Token[], at: number): number {
  const phrase = NEGATION_PHRASES.find((words) => words.every((word, i) => tokens[at + i]?.written === word));
  if (phrase) return phrase.length;
  const word = tokens[at];
  return word && isIn(NEGATIONS, word) && !AFTER_NO.test(tokens[at + 1]?.written ?? '') ? 1 : 0;
}
