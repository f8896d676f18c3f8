import './garments.css';

/** Garments as flat shapes in a 80 x 100 box, for the empty screens. */
const SHAPES = {
  coat: 'M32 14 24 18 12 30 16 58 22 57 24 42 24 90 56 90 56 42 58 57 64 58 68 30 56 18 48 14 40 24Z',
  tee: 'M30 24 10 36 17 50 25 46 25 82 55 82 55 46 63 50 70 36 50 24 C46 30 34 30 30 24Z',
  dress: 'M30 16 34 16 C36 24 44 24 46 16 L50 16 54 44 66 88 14 88 26 44Z',
  trousers: 'M26 14 54 14 62 90 46 90 40 42 34 90 18 90Z',
  bag: 'M16 44 64 44 69 84 11 84Z M28 44 C28 18 52 18 52 44 L47 44 C47 26 33 26 33 44Z',
  shoe: 'M12 56 C20 60 28 58 31 48 C40 62 54 64 66 67 C71 69 72 74 71 78 L11 78Z',
} as const;

type Garment = keyof typeof SHAPES;

const CARDS: readonly Garment[] = ['coat', 'dress', 'bag', 'trousers', 'coat', 'shoe'];

function Shape({ garment, className }: { garment: Garment; className: string }) {
  return (
    <svg viewBox="0 0 80 100" className={className} aria-hidden focusable="false">
      <path d={SHAPES[garment]} />
      {garment === 'coat' && <path className="garment-line" d="M40 24V90M24 18l16 6 16-6" />}
    </svg>
  );
}

/** A photo with its crop box beside the products it is looked for among. */
export function LightTable() {
  return (
    <div className="light-table" aria-hidden>
      <div className="light-table-photo">
        <Shape garment="coat" className="garment garment-found" />
        <span className="light-table-crop" />
      </div>
      <ul className="light-table-cards">
        {CARDS.map((garment, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a fixed picture
          <li key={index} className={index === 0 ? 'is-found' : undefined}>
            <Shape garment={garment} className={`garment ${index === 0 ? 'garment-found' : ''}`} />
          </li>
        ))}
      </ul>
    </div>
  );
}
