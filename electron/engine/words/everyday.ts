// Ordinary words that are no misspelt names of what shops sell, though they may be a letter away from one.

/** Folded. They are looked for as they stand: never corrected, completed, nor answered by "did you mean". */
const EVERYDAY: ReadonlySet<string> = new Set(
  `
apple ball balls bank bath battle bean bear beard bell bike bill bird boat bone book books bottle bottles bowl bread brother bucket
butter cable cake candle candles cane card cards cart case cash cave chain chair cheese chess child choir clock cloud coal code coin
cold comb cook cookie copper corn couch cradle cream crown cube curtain deal deck desk dish doll dolls door drill drum dust earth egg
eggs face fish flag flash floor food foot fork frame fridge fruit game garden gate ghost gift glass goal grass guitar hair hall hammer
hand hands head heart heater hello help hill hole home honey horse hour house iron island jelly joke juice jump kettle key keys king
kite kitchen knife ladder lake lamb lamp lemon letter life lion lunch machine magnet mail market meal meat medal metal milk mirror mist
money month moon morning most mountain mouse mouth movie mug music nail name neck needle night nose note nurse ocean office oven
page pain paint pan paper parent part party path pear pen pencil people pepper phone photo piano picture pillow plane planet plant plants
plate player pocket poster potato price prize puzzle queen quilt radio rain razor rice ring river road robot rock roof room rope salad
salt sauce scale school screen seat seeds shed sheet shelf shell ship sink sister smoke snake soap sofa soup speaker spoon spring stamp
star stick stone store storm story stove street sugar table tape tea teeth tent thanks ticket tile time tool tooth towel tower toy train
travel tray tree truck tube vase video village voice wall water wedding wheel wind window wine winner wire wood world
baum becher besteck bett bild bitte blume blumen brief brille brot buch danke eimer essen fahrrad fenster fisch flasche gabel garten
geld geschenk glas hallo hammer haus herd hund kaffee karte karten katze kerze kiste kuchen lampe leiter licht loffel messer milch
papier pfanne regal sack salz schule seife spiegel spiel stift stuhl tasse teller tisch topf ture uhr wasser zucker
argent arbre assiette bonjour bougie boite cadeau carte chat chien clef couteau cuillere eau ecole fenetre fleur fromage jardin lait
lampe livre lunettes lune maison merci miroir pain papier poele porte savon stylo tasse verre viande voiture
agua arbol bolso cama casa cuchara cuchillo escuela espejo flor gafas gato gracias hola jabon leche libro llave luna mesa pan perro plato
puerta regalo silla taza vela ventana
acqua albero bicchiere candela casa chiave ciao coltello cucchiaio fiore forchetta gatto grazie latte letto libro occhiali pane piatto
porta regalo scuola sedia specchio tavolo tazza
appel bedankt bloem boek bord bril brood deur fiets fles geschenk huis kaars kaas kast kopje lepel melk mes raam sleutel spiegel stoel
tafel vork water zeep`
    .trim()
    .split(/\s+/),
);

export const isEveryday = (folded: string): boolean => EVERYDAY.has(folded);
