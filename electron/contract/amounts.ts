/**
 * A price as everybody is shown it: whole amounts without zeros, currencies by their sign. A currency that Intl does not know is written
 * after the amount. The phone's page gets this function as text, so it uses nothing but its parameters and the browser.
 * @param language undefined: the person's own
 */
export function amountIn(price: number, currency: string | null, language: string | undefined): string {
  const digits = Number.isInteger(price) ? 0 : 2;
  const fixed = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  if (!currency) return new Intl.NumberFormat(language, fixed).format(price);
  try {
    const style = { style: 'currency', currency, currencyDisplay: 'narrowSymbol' } as const;
    return new Intl.NumberFormat(language, digits === 0 ? { ...style, ...fixed } : style).format(price);
  } catch {
    return `${new Intl.NumberFormat(language).format(price)} ${currency}`;
  }
}
