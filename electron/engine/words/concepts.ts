// What shops sell, and what it is like: kinds of product, patterns, materials, fits and seasons, with their names in English,
// German, French, Spanish, Italian, Dutch and Vietnamese.

/** What a word can say of a product. A kind is usually its category; the others are attributes. */
export const CONCEPT_KINDS = ['kind', 'pattern', 'material', 'fit', 'season'] as const;
export type ConceptKind = (typeof CONCEPT_KINDS)[number];

/** Something that has names, and that includes other such things. */
export interface Concept {
  id: string;
  kind: ConceptKind;
  /** The ids of wider concepts: a puffer jacket is a jacket. */
  parents: readonly string[];
  /** In all languages, as written. */
  names: readonly string[];
}

/**
 * A line a concept: its id, after `<` what it is a kind of, then its names. One form of a name is enough where the others have
 * its stem (`stemOf`).
 */
const LISTS: Record<ConceptKind, string> = {
  kind: `
clothing: clothes, clothing, kleidung, vêtement, ropa, abbigliamento, kleding, quần áo
accessory: accessory, accessories, accessoire, accesorio, accessorio, phụ kiện
top < clothing: top, tops, áo, oberteil, haut, parte de arriba, bovenstuk, bovenkleding
knitwear < top: knitwear, strickware, maille, punto, maglieria, breigoed, đồ len
outerwear < clothing: outerwear, oberbekleidung, vêtement d'extérieur, capospalla
bottom < clothing: bottom, bottoms, unterteil
tshirt < top: t-shirt, tshirt, tee, tee shirt, tees, camiseta, playera, maglietta, áo thun, áo phông
polo < tshirt, shirt: polo, polo shirt, poloshirt, polohemd, áo polo
longsleeve < tshirt: longsleeve, long sleeve tee, langarmshirt
tank < top: tank top, tank, vest top, camisole, cami, débardeur, canotta, hemdchen, trägertop, áo ba lỗ
shirt < top: shirt, hemd, hemden, chemise, camisa, camicia, overhemd, overhemden, button down, button up, áo sơ mi, sơ mi
blouse < shirt: blouse, bluse, chemisier, blusa, camicetta, áo kiểu
overshirt < shirt, jacket: overshirt, shacket, hemdjacke, surchemise, sobrecamisa
sweater < knitwear: sweater, áo len
pullover < sweater: sweater, jumper, pullover, pulli, pull, chandail, jersey sweater, suéter, maglione, trui, truien, áo len, strickpullover, wollpullover, crewneck
rollneck < pullover: roll neck, rollneck, turtleneck, polo neck, rollkragen, rollkragenpullover, col roulé, cuello alto, dolcevita, coltrui
cardigan < knitwear, sweater: cardigan, strickjacke, gilet en maille, chaqueta de punto, rebeca, vest knitted, vestje, áo cardigan, áo khoác len
sweatshirt < pullover, top: sweatshirt, sudadera, felpa, crewneck sweatshirt, áo nỉ
hoodie < sweatshirt: hoodie, hooded sweatshirt, hoody, kapuzenpullover, kapuzenpulli, sweat à capuche, sudadera con capucha, felpa con cappuccio, capuchontrui, áo hoodie, zip hoodie
jacket < outerwear: jacket, jacke, veste, blouson, chaqueta, cazadora, giacca, giubbotto, jas, jassen, jasje, áo khoác
puffer < jacket: puffer, puffer jacket, down jacket, padded jacket, quilted jacket, daunenjacke, steppjacke, pufferjacke, doudoune, plumífero, plumas, acolchada, piumino, donsjas, pufferjas, áo phao, áo khoác phao
gilet < outerwear: gilet, vest, body warmer, bodywarmer, weste, chaleco, chaleco acolchado, smanicato, áo gile
bomber < jacket: bomber, bomber jacket, bomberjacke, áo bomber
biker < jacket: biker jacket, biker, motorcycle jacket, lederjacke biker, perfecto
denimjacket < jacket: denim jacket, jean jacket, jeans jacket, jeansjacke, veste en jean, chaqueta vaquera, giacca di jeans, spijkerjas, trucker jacket
raincoat < coat, jacket: raincoat, rain jacket, regenjacke, regenmantel, imperméable, impermeable, impermeabile, regenjas, áo mưa, mac
blazer < jacket: blazer, sakko, suit jacket, sports jacket, sport coat, sportcoat, sakkos, americana, giacca elegante, colbert, áo vest, áo blazer
coat < outerwear: coat, áo khoác, jas, jassen, mantel, manteau, abrigo, cappotto, overcoat, winter jas, mantels, winterjas, áo măng tô, măng tô, áo dạ
trench < coat: trench, trench coat, trenchcoat, trinchera
parka < coat, jacket: parka, anorak
cape < outerwear: cape, poncho, cloak
dress < clothing: dress, dresses, kleid, robe, vestido, vestito, abito, jurk, đầm, váy, váy liền, gown, frock, sundress, sommerkleid
skirt < bottom: skirt, rock, röcke, jupe, falda, gonna, gonne, rok, rokken, váy, chân váy
trousers < bottom: trousers, pants, hose, hosen, pantalon, pantalón, pantaloni, broek, broeken, slacks, chinos, chino, quần, quần dài
jeans < trousers: jeans, jean, vaquero, vaqueros, spijkerbroek, quần jean, quần bò
leggings < trousers: leggings, legging, tights
sweatpants < trousers: sweatpants, joggers, jogger, jogging bottoms, tracksuit bottoms, jogginghose, jogging, chándal, joggingbroek, track pants
shorts < bottom: shorts, kurze hose, bermuda, bermudas, pantalón corto, pantaloncini, korte broek, quần short, quần soóc, quần đùi
suit < clothing: suit, anzug, costume, traje, completo, pak, com lê
jumpsuit < clothing: jumpsuit, overall, overalls, dungarees, combinaison, mono, tuta, latzhose
underwear < clothing: underwear, lingerie, bra, unterwäsche, sous-vêtement, ropa interior, intimo, ondergoed, boxers, briefs, panties, đồ lót
socks < clothing: socks, sock, socken, strümpfe, chaussette, calcetín, calcetines, calza, calze, calzini, sokken, sok, vớ, tất
swimwear < clothing: swimwear, swimsuit, bikini, bathing suit, swim shorts, swimming trunks, badeanzug, badehose, maillot de bain, bañador, costume da bagno, zwemkleding, badpak, đồ bơi, áo tắm
pyjamas < clothing: pyjamas, pyjama, pajamas, nightwear, schlafanzug, pijama, pigiama, đồ ngủ, nightdress
shoe: shoe, shoes, footwear, schuh, schuhe, chaussure, zapato, calzado, scarpa, scarpe, schoen, schoenen, giày, giầy
sneaker < shoe: sneaker, trainer, trainers, running shoe, turnschuh, turnschuhe, sportschuh, basket, baskets, zapatilla, deportiva, scarpa da ginnastica, scarpe da ginnastica, sportschoen, gym shoe, tennis shoe, runner, plimsoll, kicks, giày thể thao, giày sneaker
hightop < sneaker: high top, hightop
slipon < sneaker: slip on, slipon
boot < shoe: boot, boots, stiefel, botte, bottine, bota, botas, botín, botines, stivale, stivali, stivaletto, laars, laarzen, bootie, giày bốt, bốt, ủng
chelsea < boot: chelsea boot, chelsea boots, chelsea
sandal < shoe: sandal, sandale, sandalen, sandalia, sandalo, sandaal, flip flop, flip flops, slides, dép, xăng đan, giày sandal, espadrille
loafer < shoe: loafer, mocassin, mocasín, mocassino, slipper, brogue, oxford shoe, derby, giày lười
heels < shoe: heels, high heels, pumps, court shoe, pump, stiletto, talons, escarpin, tacones, tacchi, hakken, giày cao gót, cao gót
bag < accessory: bag, bags, tasche, taschen, sac, bolso, bolsa, borsa, tas, tassen, túi, túi xách
handbag < bag: handbag, purse, handtasche, sac à main, bolso de mano, borsetta, handtas, shoulder bag, umhängetasche, schultertasche, clutch, crossbody, crossbody bag, tote, tote bag, shopper, satchel, shopper bag, baguette bag, bucket bag, bowling bag, cabas, túi đeo chéo
backpack < bag: backpack, rucksack, rucksäcke, ruck sack, sac à dos, mochila, zaino, zaini, rugzak, rugzakken, ba lô, balo, knapsack, daypack, day pack, school bag, schulrucksack
suitcase < bag: suitcase, luggage, koffer, valise, maleta, valigia, vali, trolley, holdall, weekender
wallet < accessory: wallet, geldbörse, portemonnaie, portefeuille, cartera, portafoglio, portemonnee, ví
hat < accessory: hat, hats, headwear, hut, hüte, chapeau, sombrero, cappello, cappelli, hoed, hoeden, mũ, nón
cap < hat: cap, caps, baseball cap, kappe, mütze schirm, schirmmütze, casquette, gorra, cappellino, berretto da baseball, petten, mũ lưỡi trai, nón lưỡi trai, trucker cap
beanie < hat: beanie, bobble hat, woolly hat, knit hat, wollmütze, strickmütze, mütze, bonnet, gorro, berretto, muts, mutsen, mũ len, nón len
buckethat < hat: bucket hat, fischerhut, anglerhut, vissershoedje, mũ tai bèo
beret < hat: beret, baskenmütze, béret, boina, basco
scarf < accessory: scarf, scarves, schal, schals, halstuch, écharpe, foulard, bufanda, pañuelo, sciarpa, sciarpe, sjaal, sjaals, khăn, khăn quàng, khăn choàng, shawl, stole, wrap scarf
gloves < accessory: gloves, glove, mittens, handschuh, handschuhe, gant, guante, guanto, guanti, handschoen, handschoenen, găng tay
belt < accessory: belt, gürtel, ceinture, cinturón, cintura, riem, thắt lưng, dây nịt
tie < accessory: necktie, tie, krawatte, cravate, corbata, cravatta, stropdas, cà vạt, bow tie, fliege
sunglasses < accessory: sunglasses, sonnenbrille, lunettes de soleil, gafas de sol, occhiali da sole, zonnebril, kính râm
watch < accessory: watch, wristwatch, armbanduhr, montre, reloj, orologio, horloge, đồng hồ
jewellery < accessory: jewellery, jewelry, schmuck, bijou, bijoux, joya, joyas, gioielli, sieraden, trang sức
necklace < jewellery: necklace, halskette, collier, collar, collana, ketting, dây chuyền, vòng cổ
earrings < jewellery: earrings, earring, ohrringe, boucles d'oreilles, pendientes, orecchini, oorbellen, bông tai, khuyên tai
ring < jewellery: ring, bague, anillo, anello, nhẫn
bracelet < jewellery: bracelet, armband, pulsera, braccialetto, vòng tay
umbrella < accessory: umbrella, regenschirm, parapluie, paraguas, ombrello, paraplu, ô, cây dù
furniture: furniture, möbel, meuble, mueble, mobili, meubels, nội thất
chair < furniture: chair, stuhl, stühle, chaise, silla, sedia, stoel, stoelen, ghế
table < furniture: table, tisch, mesa, tavolo, tafel, bàn, desk, schreibtisch
sofa < furniture: sofa, couch, canapé, sofá, divano, ghế sofa
lamp: lamp, lampe, lámpara, lampada, đèn
toy: toy, toys, spielzeug, jouet, juguete, giocattolo, speelgoed, đồ chơi
`,
  pattern: `
plain: plain, solid, solid colour, solid color, unpatterned, unicolor, single colour, unifarben, einfarbig, uni, schlicht, ungemustert, uniforme, couleur unie, liso, lisa, tinta unita, effen, egaal, trơn, một màu, without pattern, no pattern, without print, ohne muster, ohne print, sans motif, sans imprimé, sin estampado, sin dibujo, senza fantasia, senza stampa, zonder print, zonder patroon, không họa tiết
stripe < patterned: stripe, striped, stripes, stripy, stripey, streifen, gestreift, gestreifte, gestreiftes, gestreifter, ringel, geringelt, rayure, rayé, rayée, raya, rayas, rayado, rayada, a rayas, riga, righe, rigato, a righe, streep, strepen, gestreept, gestreepte, sọc, kẻ sọc, kẻ ngang, breton stripe
widestripe < stripe: wide stripe, block stripe, breite streifen, blockstreifen, rugby stripe
pinstripe < stripe: pinstripe, pin stripe, nadelstreifen, rayure tennis, raya diplomática, gessato, krijtstreep
check < patterned: check, checked, checks, checkered, chequered, checkerboard, plaid, karo, kariert, karierte, kariertes, karierter, carreaux, à carreaux, cuadros, a cuadros, quadri, a quadri, quadretti, ruit, ruiten, geruit, geruite, caro, ca rô, kẻ ô, kẻ caro, kẻ ca rô
tartan < check: tartan, tartan check, schottenkaro, écossais, escocés, scozzese, schotse ruit
gingham < check: gingham, vichy, vichykaro, vichy check
windowpane < check: windowpane, window pane, fensterkaro
houndstooth < check: houndstooth, hahnentritt, pied de poule, pata de gallo, dogtooth, pied-de-poule
herringbone < zigzag: herringbone, fischgrät, fischgrat, fischgrätmuster, chevrons, espiga, espiguilla, spina di pesce, spigato, visgraat, xương cá
zigzag < patterned: zigzag, zig zag, zig-zag, zickzack
chevron < zigzag: chevron
dots < patterned: dots, dot, dotted, polka dot, polka dots, polka, spotted, spots, spotty, punkte, gepunktet, gepunktete, tupfen, pois, à pois, lunares, topos, a pois, stippen, gestippeld, chấm bi
floral < patterned: floral, flower, flowers, flowery, flowered, blume, blumen, geblümt, geblümte, blumenmuster, fleur, fleurs, à fleurs, fleuri, fleurie, flores, floreado, floreada, de flores, estampado floral, fiori, a fiori, floreale, bloem, bloemen, gebloemd, bloemenprint, hoa, họa tiết hoa, in hoa
colorblock < patterned: colour block, color block, colourblock, colorblock, colour blocking, blockfarben, block, two tone, twotone, bicolor, bicolore, bicolour, zweifarbig, tweekleurig, hai màu
animal < patterned: leopard, animal print, leopardenmuster, léopard, leopardo, zebra, snake print, da báo
camouflage < patterned: camouflage, camo, tarnmuster, camuflaje
paisley < patterned: paisley
print < patterned: print, printed, graphic, aufdruck, bedruckt, imprimé, imprimée, estampado, estampada, stampa, stampato, bedrukt, in hình
patterned: patterned, gemustert, gemusterte, à motifs, con motivos, fantasia, con motivo, met patroon, có họa tiết
fairisle < patterned: fair isle, fairisle, isle, norweger, norwegermuster, jacquard, jacquard knit
`,
  material: `
wool: wool, woollen, woolen, woolly, wolle, wollen, laine, lana, wol, len, wool blend
merino < wool: merino, merino wool, merinowolle, mérinos, lana merino
lambswool < wool: lambswool, lamb wool, lammwolle, laine d'agneau
cashmere < wool: cashmere, kaschmir, cachemire, cachemir, kasjmier
cotton: cotton, baumwolle, coton, algodón, cotone, katoen, katoenen, bông, vải bông, pure cotton
organiccotton < cotton: organic cotton, bio baumwolle, biobaumwolle, coton bio, algodón orgánico, cotone biologico
denim < cotton: denim, jeansstoff, tejido vaquero, spijkerstof, vải bò
corduroy: corduroy, cord, kord, velours côtelé, pana, velluto a coste, ribfluweel, ribcord, nhung tăm
canvas: canvas, segeltuch, toile, lona, tela, zeildoek, vải bố
linen: linen, leinen, lin, lino, linnen, vải lanh, lanh
silk: silk, silky, seide, seiden, soie, seda, seta, zijde, zijden, lụa
leather: leather, leder, ledern, cuir, piel, cuero, pelle, leer, leren, lederen, da, vải da, da thật, leatherette, faux leather, vegan leather
suede < leather: suede, wildleder, veloursleder, daim, ante, camoscio, scamosciato, suède, da lộn
fleece: fleece, brushed fleece, polaire, forro polar, pile, nỉ, fleecy
nylon: nylon, polyamid, recycled nylon, ni lông
polyester: polyester, polyesterstoff
viscose: viscose, viskose, rayon, viscosa
velvet: velvet, samt, velours, terciopelo, velluto, fluweel, nhung
tweed: tweed, vải tweed
mesh: mesh, netz, résille, malla, rete, lưới
ribbed: ribbed, rib, rib knit, gerippt, geribbeld, côtelé, acanalado, a coste, gân
cable: cable knit, cable, zopfmuster, zopfstrick, torsadé, ochos, trecce, kabel
satin: satin, atlas, satén, raso, satijn, sa tanh
lace: lace, spitze, dentelle, encaje, pizzo, kant, ren
fur: fur, faux fur, pelz, kunstfell, fourrure, piel sintética, pelliccia, bont, lông thú
down: down, daunen, duvet, plumón, dons, lông vũ
jersey: jersey, cotton jersey
knit: knitted, knit, gestrickt, tricot, tricoté, tejido, lavorato a maglia, gebreid, gebreide, đan len
pique: piqué, pique
poplin: poplin, popeline
twill: twill
`,
  fit: `
slim: slim, skinny, slim fit, skinny fit, tight, fitted, schmal, eng, ajusté, ajustada, ajustado, cintré, aderente, smal, strak, ôm
regular: regular, regular fit, standard fit, normale passform, classic fit, coupe droite, corte recto
loose: loose, oversized, oversize, baggy, weit, ample, ancho, ancha, ampio, ampia, larghi, larghe, wijd, wijde, rộng, roomy, loose fit
boxy < loose: boxy, boxy fit, kastig, kastenförmig
relaxed < loose: relaxed, relaxed fit, locker, décontracté, relajado, rilassato, comfort fit
wide < loose: wide, wide leg, wide legged, weites bein, ống rộng, ống suông, palazzo
tailored: tailored, tailliert, sur mesure, entallado, sartoriale, getailleerd
cropped: cropped, crop, verkürzt, raccourci, corto crop, accorciato, croptop, lửng
long: long, lang, lange, largo, larga, lungo, lunga, dài, maxi
flared < loose: flared, flare, flares, bootcut, schlag, ausgestellt, évasé, acampanado, svasato, uitlopend, ống loe, bell bottom
tapered: tapered, karottenform, carrot fit, fuselé, affusolato
shortsleeve: short sleeve, short sleeves, short sleeved, kurzarm, kurzärmelig, manches courtes, manga corta, maniche corte, korte mouwen, tay ngắn
longsleeved: long sleeve, long sleeves, long sleeved, langarm, langärmelig, manches longues, manga larga, maniche lunghe, lange mouwen, tay dài
sleeveless: sleeveless, ärmellos, sans manches, sin mangas, senza maniche, mouwloos, sát nách
straight: straight, straight leg, gerade, droit, recto, recta, dritto, recht, ống đứng
`,
  season: `
summer: summer, summery, sommer, sommerlich, été, estival, verano, estate, estivo, zomer, zomers, mùa hè, mùa hạ, hè
winter: winter, wintry, winterlich, hiver, invierno, inverno, invernale, mùa đông, đông
spring: spring, frühling, fruehling, frühjahr, printemps, primavera, lente, voorjaar, mùa xuân
autumn: autumn, fall, herbst, automne, otoño, autunno, herfst, najaar, mùa thu
allyear: all year, year round, all season, ganzjährig, toute l'année, todo el año, tutto l'anno, het hele jaar, quanh năm
`,
};

const LINE = /^(\S+?)(?: < ([^:]+))?: (.*)$/;

function parseList(kind: ConceptKind): Concept[] {
  return LISTS[kind]
    .trim()
    .split('\n')
    .map((line) => {
      const [, id = '', parents = '', names = ''] = LINE.exec(line) ?? [];
      return { id, kind, parents: parents === '' ? [] : parents.split(', '), names: names.split(', ') };
    });
}

export const CONCEPTS: readonly Concept[] = CONCEPT_KINDS.flatMap(parseList);

const PARENTS = new Map(CONCEPTS.map(({ id, parents }) => [id, parents]));

/** The most steps from a concept to the widest one that it is a kind of. */
export const DEEPEST = 5;

/** How many steps a concept is below a wider one: 0 for itself; null when it is no kind of it. */
export function depthBelow(id: string, wider: string): number | null {
  if (id === wider) return 0;
  const depths = (PARENTS.get(id) ?? []).flatMap((parent) => depthBelow(parent, wider) ?? []);
  return depths.length === 0 ? null : Math.min(...depths) + 1;
}

/** Whether a concept is another one, or a kind of it. */
export function isKindOf(id: string, wider: string): boolean {
  return depthBelow(id, wider) !== null;
}
