/** Every ISO 4217 code. */
const CODES = new Set(Intl.supportedValuesOf('currency'));

/** Signs and short names that belong to one currency, in lower case. */
const ONE_CURRENCY = parsed(`
  EUR € euro euros eur.
  USD us$ u$s u.s.$ usd$
  CAD c$ ca$ can$ cdn$
  AUD a$ au$ aus$
  NZD nz$
  HKD hk$
  SGD s$ sg$
  TWD nt$ nt
  MXN mx$ mex$
  BRL r$
  ARS ar$
  CLP clp$
  COP col$
  UYU $u
  GBP £ gb£
  CHF sfr sfr. chf. fr.
  CNY cn¥ rmb 元 人民币
  JPY jp¥ 円 日元
  KRW ₩ 원 won
  INR ₹ inr.
  RUB ₽ руб руб. р. rub.
  UAH ₴ грн грн. hrn
  TRY ₺ tl
  ILS ₪ nis
  VND ₫ đ vnđ đồng dong
  THB ฿ บาท
  PHP ₱
  NGN ₦
  KZT ₸ тг
  GEL ₾
  AZN ₼
  MYR rm
  IDR rp rp.
  PLN zł zl zł.
  CZK kč kc kč.
  HUF ft ft.
  RON lei ron.
  BGN лв лв.
  RSD дин дин. din din.
  AED dhs dhs. د.إ
  SAR ر.س sar.
  EGP ج.م le
  ZAR r
  PEN s/ s/.
`);

/** Signs that several currencies share. */
const SHARED = parsed(`
  $ USD CAD AUD NZD HKD SGD TWD MXN ARS CLP COP UYU BRL BBD BMD BSD BZD FJD GYD JMD LRD NAD SBD SRD TTD XCD BND KYD DOP NIO CUP
  ¥ JPY CNY
  kr SEK NOK DKK ISK
  kr. SEK NOK DKK ISK
  :- SEK NOK DKK ISK
  rs INR PKR LKR NPR MUR SCR
  rs. INR PKR LKR NPR MUR SCR
  ₨ INR PKR LKR NPR MUR SCR
  fr CHF XOF XAF XPF
  cfa XOF XAF
  fcfa XOF XAF
  ریال IRR SAR OMR QAR YER
`);

/** Currencies that people write without decimals, although ISO 4217 gives them some. */
const WRITTEN_WHOLE = new Set('ARS COP HUF IDR IRR LBP RSD TWD CRC LAK MMK'.split(' '));

/** What a mark beside an amount tells about its currency. */
export interface Mark {
  /** The ISO 4217 codes that it can stand for: one for a code and for most signs, several for "$". */
  currencies: readonly string[];
  /** A sign or a word, as people write for people, rather than a code, as programs write. */
  isSign: boolean;
}

/** @returns null when the text is neither a sign nor a code */
export function readMark(written: string): Mark | null {
  const mark = written.trim();
  const code = mark.toUpperCase();
  if (CODES.has(code)) return { currencies: [code], isSign: false };
  const sign = mark.toLowerCase();
  const one = ONE_CURRENCY.find(([, marks]) => marks.includes(sign));
  if (one) return { currencies: [one[0]], isSign: true };
  const shared = SHARED.find(([each]) => each === sign);
  return shared ? { currencies: shared[1], isSign: true } : null;
}

const knownDecimals = new Map<string, number>();

/** The number of decimals that amounts of the currency are written with. */
export function decimalsOf(currency: string): number {
  if (WRITTEN_WHOLE.has(currency)) return 0;
  let decimals = knownDecimals.get(currency);
  if (decimals === undefined) {
    const format = new Intl.NumberFormat('en', { style: 'currency', currency });
    decimals = format.resolvedOptions().maximumFractionDigits ?? 2;
    knownDecimals.set(currency, decimals);
  }
  return decimals;
}

function parsed(table: string): [first: string, others: string[]][] {
  return table
    .trim()
    .split('\n')
    .map((line) => {
      const [first = '', ...others] = line.trim().split(' ');
      return [first, others];
    });
}
