// The names of colours in English, German, French, Spanish, Italian, Dutch and Vietnamese.
import { convertRgbToXyz65, convertXyz65ToLab65, parseHex } from 'culori/fn';

/** The colours that people mean by themselves; any other colour belongs to one or more of these. */
export const BASIC_COLORS = [
  'black',
  'grey',
  'white',
  'beige',
  'brown',
  'red',
  'pink',
  'orange',
  'yellow',
  'green',
  'teal',
  'blue',
  'purple',
  'multicoloured',
] as const;
export type BasicColor = (typeof BASIC_COLORS)[number];

/** A colour that has names. */
export interface NamedColor {
  id: string;
  /** CIELAB (D65); null for several colours at once. */
  lab: readonly [l: number, a: number, b: number] | null;
  /** The basic colour that it is a shade of. */
  basic: BasicColor;
  /** Basic colours that some people call it too. */
  also: readonly BasicColor[];
  /** In all languages, as written. */
  names: readonly string[];
}

/**
 * A line a colour: its id, its sRGB value, the basic colour it is a shade of, in brackets those that some call it too; then its
 * names. Most forms of one name have one stem (`stemOf`), so that they are listed once. The values are those of CSS where it has
 * the name, and otherwise read off what shops sell under it.
 */
const LIST = `
black #161616 black: black, schwarz, schwarze, schwarzer, schwarzes, noir, noire, negro, negra, nero, nera, neri, nere, zwart, zwarte, đen, jet black, jet, ink black, tiefschwarz
charcoal #3b3d42 grey (black): charcoal, anthracite, anthrazit, antraciet, antracita, antracite, graphite, graphit, graphitgrau, graphite grey, slate, slate grey, gris anthracite, dark grey, dunkelgrau, gris foncé, gris oscuro, grigio scuro, donkergrijs, xám đậm
grey #87878a grey: grey, gray, grau, graue, grauer, graues, gris, grise, grigio, grigia, grijs, grijze, xám, ghi, heather grey, heather, grey marl, marl, melange, mélange, graumeliert, meliert, jaspeado, grijs gemêleerd, stone grey, stone gray, steingrau, ash, ash grey, mouse grey, mausgrau, greyish, grayish, gräulich
lightgrey #c6c7c9 grey (white): light grey, light gray, hellgrau, gris clair, gris claro, grigio chiaro, lichtgrijs, xám nhạt, silver grey, silbergrau
silver #b9bbbe grey: silver, silber, silbern, silberne, argent, argenté, argentée, plata, plateado, plateada, argento, argentato, argentata, zilver, zilveren, zilverkleurig, bạc, ánh bạc, metallic, chrome
white #f5f5f2 white: white, weiß, weiss, weiße, weisse, blanc, blanche, blanco, blanca, bianco, bianca, bianchi, bianche, wit, witte, trắng, snow white, snow, schneeweiss, chalk white, chalk, optic white, pure white
cream #f1e8d0 white (beige): cream, creme, crème, off white, offwhite, ivory, elfenbein, ivoire, marfil, avorio, ivoor, écru, ecru, wollweiß, wollweiss, naturweiss, blanc cassé, crudo, crema, panna, gebroken wit, kem, trắng kem, eggshell, vanilla, vanille, pearl, perle, natural, natur
beige #d6c3a0 beige (brown): beige, beis, màu be, sand, sable, arena, sabbia, zand, zandkleur, oat, oatmeal, hafer, avoine, avena, haver, nude, champagne, champagner, linen beige, wheat, biscuit, buff, ficelle, greige
taupe #9b8b7b brown (grey, beige): taupe, mushroom, mink, topo, tortora, fango, stone beige
camel #b98a55 brown (beige): camel, kamel, kamelhaar, cammello, camello, kameel, tan, caramel, karamell, caramello, honey, honig, fawn, toffee, cognac, gold brown, hellbraun, light brown, marron clair, marrón claro, marrone chiaro, lichtbruin, nâu nhạt, da bò
brown #6f4a2f brown: brown, braun, braune, brauner, braunes, marron, brun, brune, marrón, castaño, marrone, bruin, bruine, nâu, tobacco, tabak, tabac, tabaco, tabacco, hazel, hazelnut, haselnuss, noisette, chestnut, kastanie, châtaigne, walnut, nussbraun, cinnamon, zimt, cannelle, saddle, brownish, bräunlich
bronze #8c6239 brown (orange): bronze, bronzo, bronzefarben, bronzekleurig, copper, kupfer, kupferfarben, cuivre, cobre, rame, koper, rose gold, roségold, rosegold
chocolate #45301f brown (black): chocolate, schokolade, schokobraun, chocolat, cioccolato, choco, dark brown, dunkelbraun, marron foncé, marrón oscuro, marrone scuro, donkerbruin, nâu đậm, coffee, kaffee, café, mocha, mokka, moka, espresso, umber, cocoa, kakao, cacao
terracotta #c0603f orange (red, brown): terracotta, terrakotta, terracota, rust, rost, rostrot, rouille, óxido, ruggine, roest, brick, ziegel, ziegelrot, brique, ladrillo, mattone, baksteen, sienna, burnt orange, paprika, đỏ gạch, cam đất
red #c8202c red: red, rot, rote, roter, rotes, roten, rouge, rojo, roja, rosso, rossa, rood, rode, đỏ, scarlet, scharlach, scharlachrot, écarlate, escarlata, scarlatto, scharlaken, cherry red, kirschrot, tomato, tomatenrot, fire red, vermilion, vermillon, poppy, mohn, coquelicot, chilli, chili, ruby, rubin, rubinrot, rubis, rubí, rubino, reddish, rötlich
burgundy #6d1b2d red (brown, purple): burgundy, burgund, burgunder, bordeaux, bordeauxrot, weinrot, dunkelrot, dark red, rouge foncé, rojo oscuro, rosso scuro, donkerrood, wine, wine red, vin, lie de vin, vino, wijnrood, maroon, claret, oxblood, ochsenblut, borgoña, burdeos, granate, granata, grenat, borgogna, bordò, bordo, rượu vang, đỏ đô, đỏ đậm, đỏ rượu, merlot, crimson, karmesin, cramoisi, carmesí, cremisi, garnet, cherry, cherry dark
raspberry #b8285f pink (red): raspberry, himbeere, himbeer, framboise, frambuesa, lampone, framboos, cerise, berry, beere, beerenrot, magenta, fuchsia, fuchsie, fucsia, hot pink, shocking pink, strawberry, erdbeere, rose red, cranberry, hồng đậm, hồng cánh sen
pink #e58fae pink: pink, rosa, rose, rosé, rosado, rosada, roze, rosig, hồng, bubblegum, flamingo, mallow, pinkish
blush #eac3c0 pink (beige): blush, powder pink, powder, puder, puderrosa, rose poudré, old rose, dusty rose, dusky pink, altrosa, vieux rose, palo de rosa, cipria, oudroze, light pink, hellrosa, rose pâle, rose clair, rosa claro, rosa chiaro, rosa pálido, lichtroze, pale pink, baby pink, hồng nhạt, hồng phấn, nude pink, shell
salmon #f0917a pink (orange): salmon, lachs, lachsrosa, saumon, salmón, salmone, zalm, coral, koralle, korallenrot, corail, corallo, koraal, san hô, peach, pfirsich, pêche, melocotón, pesca, perzik, apricot, aprikose, abricot, albaricoque, albicocca, abrikoos, hồng đào
orange #e5761f orange: orange, orangene, oranger, naranja, arancione, arancio, oranje, cam, màu cam, tangerine, mandarine, pumpkin, kürbis, papaya, amber, bernstein, ambre, ámbar, ambra
mustard #cf9c27 yellow (orange, brown): mustard, senf, senfgelb, moutarde, mostaza, senape, mosterd, ochre, ocker, ockergelb, ocre, ocra, oker, curry, saffron, safran, azafrán, zafferano, turmeric, vàng mù tạt, vàng đất, vàng nghệ
gold #c9a227 yellow (brown): gold, golden, goldene, doré, or jaune, dorado, oro, dorato, goud, gouden, vàng gold, brass, messing
yellow #efd23a yellow: yellow, gelb, gelbe, gelber, gelbes, jaune, amarillo, amarilla, giallo, gialla, geel, gele, vàng, lemon, zitrone, zitronengelb, citron, limón, limone, citroen, sunflower, canary, butter, butter yellow, banana, vàng chanh, yellowish, gelblich
lime #a4cf30 green (yellow): lime, limette, limettengrün, chartreuse, lime green, neon green, neongrün, apple green, apfelgrün, pistachio, pistazie, pistache, pistacho, pistacchio, xanh nõn chuối, xanh cốm
green #2f8a46 green: green, grün, gruen, grüne, gruene, grüner, grünes, vert, verte, verde, groen, groene, xanh lá, xanh lá cây, xanh lục, lục, grass green, grasgrün, emerald, smaragd, smaragdgrün, émeraude, esmeralda, smeraldo, kelly green, jade, greenish, grünlich
mint #a9dcc3 green (blue): mint, minze, mintgrün, menthe, menta, munt, seafoam, xanh bạc hà, light green, hellgrün, vert clair, verde claro, verde chiaro, lichtgroen, xanh lá nhạt, aqua green
sage #a3ae8f green (grey): sage, salbei, salbeigrün, sauge, vert sauge, salvia, salie, sage green, eucalyptus, eukalyptus, xanh rêu nhạt, celadon, reseda
forest #1f4a35 green: forest green, forest, dark green, dunkelgrün, waldgrün, tannengrün, tanne, vert foncé, vert sapin, vert forêt, sapin, verde oscuro, verde bosque, verde botella, verde scuro, verde bosco, verde bottiglia, donkergroen, bosgroen, bottle green, flaschengrün, vert bouteille, flessengroen, hunter green, pine, racing green, xanh lá đậm, xanh rêu đậm, moss, moos, moosgrün, mousse, musgo, muschio, mos
olive #6b6a3a green (brown): olive, oliv, olivgrün, olivgruen, oliva, oliva verde, olijf, olijfgroen, vert olive, army, army green, military green, militaire, verde militar, verde militare, legergroen, xanh rêu, xanh ô liu, loden
khaki #a39b72 green (beige, brown): khaki, kaki, khakigrün, caqui, cachi
teal #1f7377 teal (green, blue): teal, petrol, petrolblau, pétrole, bleu pétrole, petróleo, petrolio, blaugrün, bleu canard, canard, peacock, pfau, blue green, xanh cổ vịt, xanh mòng két, xanh két
turquoise #35b5b0 teal (blue, green): turquoise, türkis, tuerkis, turquesa, turchese, turkoois, aqua, cyan, zyan, lagoon, xanh ngọc, ngọc lam
lightblue #9cc4e4 blue: light blue, sky blue, sky, hellblau, himmelblau, bleu clair, bleu ciel, celeste, azul claro, azul cielo, azzurro, azzurra, celeste chiaro, blu chiaro, lichtblauw, hemelsblauw, xanh da trời, xanh nước biển nhạt, xanh dương nhạt, xanh nhạt, baby blue, babyblau, powder blue, ice blue, eisblau, pale blue, cornflower
blue #2f5fb0 blue: blue, blau, blaue, blauer, blaues, bleu, bleue, azul, blu, blauw, blauwe, xanh, xanh dương, xanh da trời đậm, xanh nước biển, xanh lam, denim blue, jeansblau, steel blue, stahlblau, bluish, bläulich
cobalt #1f47b8 blue: cobalt, kobalt, kobaltblau, cobalto, royal blue, royal, königsblau, royalblau, bleu roi, azul real, azulón, blu elettrico, koningsblauw, electric blue, ultramarine, ultramarin, outremer, sapphire, saphir, klein blue, xanh coban, bright blue
navy #1c2a4f blue (black): navy, navy blue, marine, marineblau, dunkelblau, nachtblau, bleu marine, bleu nuit, bleu foncé, azul marino, marino, azul oscuro, blu navy, blu scuro, blu notte, marineblauw, donkerblauw, dark blue, midnight, midnight blue, mitternachtsblau, indigo, xanh navy, xanh than, xanh đậm, xanh tím than, ink, ink blue
purple #6b3a90 purple: purple, violet, violett, lila, violette, morado, morada, púrpura, violeta, viola, paars, paarse, tím, plum, pflaume, prune, ciruela, prugna, pruim, aubergine, eggplant, berenjena, melanzana, amethyst, grape, mauve dark, blackberry, brombeere, purplish
lilac #b9a2d4 purple (pink): lilac, flieder, lavender, lavendel, lavande, lavanda, glicine, lilla, lilas, tím nhạt, tím lavender, mauve, malva, heliotrope, wisteria, light purple, hellviolett, hell lila, violet clair, parme, orchid
multi - multicoloured: multicoloured, multicolored, multicolour, multicolor, multi, mehrfarbig, bunt, bunte, multicolore, colorful, colourful, rainbow, regenbogen, arc en ciel, arcobaleno, regenboog, veelkleurig, meerkleurig, nhiều màu, đa sắc, assorted
`;

const LINE = /^(\S+) (\S+) (\S+?)(?: \(([^)]*)\))?: (.*)$/;

function parseLine(line: string): NamedColor {
  const [, id = '', hex = '', basic = '', also = '', names = ''] = LINE.exec(line) ?? [];
  const isBasic = (name: string): name is BasicColor => BASIC_COLORS.some((each) => each === name);
  if (!isBasic(basic)) throw new Error(`"${line}" has no basic colour.`);
  return {
    id,
    lab: labOf(hex),
    basic,
    also: also.split(', ').filter(isBasic),
    names: names.split(', '),
  };
}

function labOf(hex: string): NamedColor['lab'] {
  const color = parseHex(hex);
  if (!color) return null;
  const { l, a, b } = convertXyz65ToLab65(convertRgbToXyz65(color));
  return [l, a, b];
}

/** Names that stand for two colours: the id of the second one. Vietnamese has one word for blue and green. */
export const TWO_COLORS: ReadonlyMap<string, string> = new Map([
  ['xanh', 'green'],
  ['xanh nhạt', 'mint'],
  ['xanh đậm', 'forest'],
]);
export const NAMED_COLORS: readonly NamedColor[] = LIST.trim().split('\n').map(parseLine);

/** The shade that a basic colour is called by itself: "green" and not "forest green". */
export function isBasicName({ id, basic }: NamedColor): boolean {
  return id === basic || basic === 'multicoloured';
}

/** Colour difference by eye in CIELAB (CIE76): under 10 is hardly another colour, over 40 clearly one. */
export function colorDistance(one: NamedColor, other: NamedColor): number {
  const [a, b] = [one.lab, other.lab];
  return a && b ? Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]) : Number.POSITIVE_INFINITY;
}
