import { useId, useState } from 'react';
import { currencyCode } from '../../../electron/contract/compare.ts';
import type { CurrencyPrices } from '../../../electron/contract/compare-tells.ts';
import { formatCounted } from '../../ui/format.ts';
import { namePriceCurrency } from './tells.ts';

/** Offered while typing; any other code of three letters is taken too. */
const COMMON = ['EUR', 'USD', 'GBP', 'CHF', 'SEK', 'DKK', 'NOK', 'PLN', 'CZK', 'TRY', 'JPY', 'CNY', 'INR'];

/** Asks for the currency of the prices of which none is stated. Until it is said, they are compared with nothing. */
export function UnstatedCurrency({ currencies }: { currencies: readonly CurrencyPrices[] }) {
  const [written, setWritten] = useState('');
  const [fieldId, listId] = [useId(), useId()];
  const unstated = currencies.find(({ currency }) => currency === null);
  if (!unstated) return null;
  const count = unstated.points
    .filter(({ side }) => side === 'theirs')
    .reduce((sum, point) => sum + point.count, 0);
  const code = written.trim().toUpperCase();
  const isCode = currencyCode.safeParse(code).success;
  return (
    <form
      className="unstated-currency"
      onSubmit={(event) => {
        event.preventDefault();
        if (isCode) void namePriceCurrency(code);
      }}
    >
      <label htmlFor={fieldId}>
        {formatCounted(count, 'price')} without a currency, compared with nothing so far. Which one is it?
      </label>
      <input
        id={fieldId}
        className="text-input"
        list={listId}
        value={written}
        maxLength={3}
        size={6}
        placeholder="EUR"
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => setWritten(event.target.value)}
      />
      <datalist id={listId}>
        {COMMON.map((each) => (
          <option key={each} value={each} />
        ))}
      </datalist>
      <button type="submit" className="button" disabled={!isCode}>
        Use it
      </button>
    </form>
  );
}
