import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readAvailability, readYesNo } from './availability.ts';

/** What shops of each language write, by its meaning. */
const WRITTEN = {
  English: {
    'in stock': [
      'In Stock',
      'in_stock',
      'InStock',
      'IN-STOCK',
      'available',
      'available for order',
      'low stock',
      'Only 3 left',
      'In Stock - ships in 24h',
      'in store only',
    ],
    'out of stock': [
      'Out of stock',
      'OutOfStock',
      'sold out',
      'Temporarily out of stock',
      'currently unavailable',
      'no longer available',
      'Discontinued',
      'not available',
      'In stock: no',
      'Stock: 0',
    ],
    preorder: [
      'preorder',
      'Pre-order',
      'coming soon',
      'made to order',
      'available from 1 May',
      'available soon',
      'PreSale',
    ],
    backorder: ['backorder', 'On backorder', 'onbackorder', 'BackOrder', 'special order', 'on request'],
  },
  German: {
    'in stock': [
      'auf Lager',
      'Lager',
      'lagernd',
      'vorrätig',
      'sofort lieferbar',
      'verfügbar',
      'VERFÜGBAR',
      'Nur noch 2 Stück',
      'Lieferbar in 2-3 Werktagen',
      'begrenzt verfügbar',
    ],
    'out of stock': [
      'ausverkauft',
      'nicht auf Lager',
      'nicht verfügbar',
      'zurzeit nicht lieferbar',
      'zur Zeit nicht lieferbar',
      'momentan ausverkauft',
      'vergriffen',
      'nicht mehr lieferbar',
      'leider ausverkauft!',
      'kein Bestand',
    ],
    preorder: [
      'Vorbestellung',
      'vorbestellbar',
      'demnächst',
      'bald verfügbar',
      'lieferbar ab 12.3.',
      'noch nicht erschienen',
    ],
    backorder: ['nachbestellt', 'auf Bestellung', 'auf Anfrage', 'Lieferrückstand', 'nur auf Bestellung'],
  },
  French: {
    'in stock': [
      'en stock',
      'En Stock',
      'disponible',
      'Disponible immédiatement',
      'derniers articles',
      'plus que 3 en stock',
      'dispo',
      'stock limité',
      'en magasin',
    ],
    'out of stock': [
      'épuisé',
      'Épuisés',
      'rupture de stock',
      'en rupture',
      'indisponible',
      'actuellement indisponible',
      'plus en stock',
      'non disponible',
      'vendu',
    ],
    preorder: [
      'précommande',
      'En précommande',
      'à paraître',
      'bientôt disponible',
      'disponible le 12 mai',
      'prochainement',
    ],
    backorder: ['sur commande', 'en réapprovisionnement', 'sur demande', 'en commande'],
  },
  Spanish: {
    'in stock': [
      'en stock',
      'Disponible',
      'hay existencias',
      'Entrega inmediata',
      'últimas unidades',
      'en tienda',
      'con stock',
    ],
    'out of stock': [
      'agotado',
      'Agotada',
      'sin existencias',
      'sin stock',
      'No disponible',
      'fuera de stock',
      'temporalmente agotado',
      'descatalogado',
    ],
    preorder: ['preventa', 'en reserva', 'próximamente', 'disponible pronto'],
    backorder: ['bajo pedido', 'por encargo', 'sobre pedido', 'pendiente de reposición'],
  },
  Italian: {
    'in stock': [
      'disponibile',
      'Disponibili',
      'in magazzino',
      'disponibilità immediata',
      'ultimi pezzi',
      'pronta consegna',
    ],
    'out of stock': [
      'esaurito',
      'non disponibile',
      'attualmente non disponibile',
      'Non più disponibile',
      'esauriti',
      'fuori produzione',
    ],
    preorder: [
      'prevendita',
      'preordine',
      'prenotabile',
      'in arrivo',
      'Disponibile dal 3 marzo',
      'prossimamente',
    ],
    backorder: ['su ordinazione', 'su richiesta', 'in riassortimento', 'ordinabile'],
  },
  Dutch: {
    'in stock': [
      'op voorraad',
      'Op voorraad',
      'voorradig',
      'leverbaar',
      'direct leverbaar',
      'beschikbaar',
      'laatste stuks',
      'Nog 3 stuks',
    ],
    'out of stock': [
      'uitverkocht',
      'niet op voorraad',
      'niet leverbaar',
      'niet beschikbaar',
      'tijdelijk uitverkocht',
      'momenteel niet leverbaar',
      'geen voorraad',
    ],
    preorder: [
      'voorbestelling',
      'binnenkort leverbaar',
      'te reserveren',
      'leverbaar vanaf 1 mei',
      'nog niet verschenen',
    ],
    backorder: ['nabestelling', 'op bestelling', 'op aanvraag', 'bestelbaar'],
  },
  Vietnamese: {
    'in stock': [
      'Còn hàng',
      'còn hàng',
      'có sẵn',
      'Sẵn hàng',
      'sắp hết hàng',
      'Còn 5 sản phẩm',
      'còn 3',
      'giao ngay',
    ],
    'out of stock': [
      'Hết hàng',
      'tạm hết hàng',
      'không còn hàng',
      'cháy hàng',
      'ngừng kinh doanh',
      'hết',
      'hiện tại hết hàng',
      'đã bán hết',
    ],
    preorder: ['đặt trước', 'Đặt hàng trước', 'sắp về hàng', 'sắp ra mắt', 'hàng sắp về'],
    backorder: ['hàng đặt', 'đặt hàng', 'nhận đặt hàng', 'chờ nhập hàng'],
  },
};

test.each(Object.entries(WRITTEN))('availability in %s', (_, meanings) => {
  const read = Object.values(meanings)
    .flat()
    .map((written) => [written, readAvailability(written)]);
  const meant = Object.entries(meanings).flatMap(([meaning, all]) =>
    all.map((written) => [written, meaning]),
  );
  expect(read).toEqual(meant);
});

test('a hundred phrases and more are known', () => {
  expect(Object.values(WRITTEN).flatMap((meanings) => Object.values(meanings).flat()).length).toBeGreaterThan(
    150,
  );
});

test.each([
  ['yes', 'TRUE true WAHR VRAI VERDADERO VERO WAAR ĐÚNG yes Y ja J oui O sí Sì S có x 1'.split(' '), true],
  ['no', 'FALSE false FALSCH FAUX FALSO ONWAAR SAI no N nein non nee không 0'.split(' '), false],
])('"%s" as Excel and people write it in the seven languages', (_, all, meant) => {
  expect(all.map((written) => [written, readYesNo(written)])).toEqual(all.map((written) => [written, meant]));
});

test.each([
  ['3', 'in stock'],
  ['12 pcs', 'in stock'],
  ['12 Stk.', 'in stock'],
  ['2,0', 'in stock'],
  ['12.0', 'in stock'],
  ['1.000', 'in stock'],
  ['10+', 'in stock'],
  ['> 10', 'in stock'],
  ['<5', 'in stock'],
  ['more than 10', 'in stock'],
  ['5 en stock', 'in stock'],
  ['Stock: 5', 'in stock'],
  ['Stock - 3', 'in stock'],
  ['in stock (12)', 'in stock'],
  ['0', 'out of stock'],
  ['0,00', 'out of stock'],
  ['0 pcs', 'out of stock'],
  ['0 in stock', 'out of stock'],
  ['-3', 'out of stock'],
  ['−3', 'out of stock'],
  ['Stock: -3', 'out of stock'],
  ['in stock (0)', 'out of stock'],
  ['<1', 'out of stock'],
])('the quantity "%s" is %s', (written, meant) => {
  expect(readAvailability(written)).toBe(meant);
});

test.each([
  'https://schema.org/InStock',
  'http://schema.org/LimitedAvailability',
  'http://schema.org/InStoreOnly',
])('%s', (written) => {
  expect(readAvailability(written)).toBe('in stock');
});

test.each([
  '',
  '-',
  'N/A',
  '3 days',
  '2-3 Werktage',
  '24h',
  'Lieferzeit',
  'shipping 3.90',
  'in 3 colours',
  '12/05/2026',
  'sold by Acme',
  'het artikel',
  'constructor',
  '__proto__',
])('"%s" says nothing of availability', (written) => {
  expect(readAvailability(written)).toBeUndefined();
});

test('a negation is never read as being there', () => {
  const negations = [
    'not',
    'nicht',
    'non',
    'no',
    'niet',
    'pas',
    'không',
    'out of',
    'kein',
    'sin',
    'geen',
    'zero',
  ];
  const words = [
    'in stock',
    'auf Lager',
    'en stock',
    'verfügbar',
    'disponible',
    'disponibile',
    'op voorraad',
    'còn hàng',
    'available',
    'lieferbar',
  ];
  fc.assert(
    fc.property(fc.constantFrom(...negations), fc.constantFrom(...words), (negation, word) => {
      expect(readAvailability(`${negation} ${word}`)).not.toBe('in stock');
    }),
  );
});
