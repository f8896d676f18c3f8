import './garments.css';

interface Garment {
  /** Its outline in an 80 x 100 box, and the lines drawn on it. */
  outline: string;
  lines: string;
  className: string;
}

const COAT: Garment = {
  outline:
    'M31 10 22 14C17 16 14 20 13 26L9 62 18 64 22 40 22 44 19 94 61 94 58 44 58 40 62 64 71 62 67 26C66 20 63 16 58 14L49 10 40 20Z',
  lines: 'M31 10 29 24 40 42 51 24 49 10M40 42V94M21.5 54H58.5V60H21.5M46 50h.1M46 68h.1M46 78h.1',
  className: 'garment-coat',
};

const GREY_COAT: Garment = { ...COAT, className: 'garment-grey' };

const DRESS: Garment = {
  outline: 'M29 10 33 10C35 21 45 21 47 10L51 10 54 26 51 46 66 92C50 97 30 97 14 92L29 46 26 26Z',
  lines: 'M29 46C36 49 44 49 51 46M36 49 30 93M44 49 50 93',
  className: 'garment-dress',
};

const BAG: Garment = {
  outline:
    'M14 46C14 43 16 41 19 41L27 41C27 18 53 18 53 41L61 41C64 41 66 43 66 46L70 84C70 88 68 90 65 90L15 90C12 90 10 88 10 84ZM31 41 49 41C49 24 31 24 31 41Z',
  lines: 'M13 54C30 64 50 64 67 54M40 61v6',
  className: 'garment-bag',
};

const TROUSERS: Garment = {
  outline: 'M25 8 55 8 63 94 45 94 40 40 35 94 17 94Z',
  lines: 'M24.5 15H55.5M40 15V40M28 15 24 26M52 15 56 26',
  className: 'garment-trousers',
};

const SHOE: Garment = {
  outline: 'M10 40C18 45 25 43 29 36L36 36C42 52 56 56 68 60C72 62 73 66 72 72L9 72C8 60 8 48 10 40Z',
  lines: 'M9 66H72.5M34 46 40 42M38 51 44 47M44 55 49 51',
  className: 'garment-shoe',
};

const SHELF: readonly Garment[] = [COAT, DRESS, BAG, TROUSERS, GREY_COAT, SHOE];

const PAIRS: readonly { photo: Garment; product: Garment; sign: string }[] = [
  { photo: COAT, product: COAT, sign: '=' },
  { photo: DRESS, product: DRESS, sign: '=' },
  { photo: SHOE, product: BAG, sign: '≠' },
];

function Drawing({ outline, lines, className }: Garment) {
  return (
    <svg viewBox="0 0 80 100" className={`garment ${className}`} aria-hidden focusable="false">
      <path className="garment-outline" fillRule="evenodd" d={outline} />
      <path className="garment-lines" d={lines} />
    </svg>
  );
}

/** An illustration: a photo with its crop box, beside products. */
export function LightTable() {
  return (
    <div className="light-table" aria-hidden>
      <div className="light-table-photo">
        <Drawing {...COAT} />
        <span className="light-table-crop" />
      </div>
      <ul className="light-table-shelf">
        {SHELF.map((garment) => (
          <li key={garment.className}>
            <Drawing {...garment} />
          </li>
        ))}
      </ul>
    </div>
  );
}

/** An illustration: a pile of photos beside pairs of a photo and a product. */
export function Pairs() {
  return (
    <div className="light-table pairs" aria-hidden>
      <div className="pairs-pile">
        {[SHOE, DRESS, COAT].map((garment) => (
          <span key={garment.className} className="pairs-photo">
            <Drawing {...garment} />
          </span>
        ))}
      </div>
      <ul className="pairs-list">
        {PAIRS.map(({ photo, product, sign }) => (
          <li key={photo.className}>
            <span className="pairs-photo">
              <Drawing {...photo} />
            </span>
            <span className="pairs-sign">{sign}</span>
            <span className="pairs-product">
              <Drawing {...product} />
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
