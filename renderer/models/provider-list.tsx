import type { ProviderState } from '../../electron/contract/models.ts';
import { ErrorNote } from '../ui/note.tsx';
import { faultSentence } from '../ui/sentences.ts';
import { millisecondWords, onlyProviderWords, speedWords } from './provider-words.ts';
import { tryProvider, useProviders } from './providers.ts';
import './provider-list.css';

function Provider({ provider, cpu }: { provider: ProviderState; cpu: ProviderState | undefined }) {
  const trying = useProviders((state) => state.trying);
  const { id, name, state, fault, msPerImage } = provider;
  const used = state === 'in use';
  const tried = msPerImage !== null && state !== 'failed';
  const offer = tried ? 'Use' : state === 'failed' ? 'Try again' : 'Try';
  return (
    <li className={`provider ${used ? 'is-used' : ''}`} aria-current={used || undefined}>
      <p className="provider-name">
        {name}
        {used && <span className="model-in-use">In use</span>}
      </p>
      {tried && <p className="numbers">{millisecondWords(msPerImage)}</p>}
      {tried && <p className="label numbers">{speedWords(provider, cpu)}</p>}
      {fault && <p className="label selectable provider-failed">{faultSentence(fault)}</p>}
      {!used && (
        <button
          type="button"
          className="button"
          aria-label={trying === id ? `Trying… ${name}` : `${offer}: ${name}`}
          disabled={trying !== null}
          onClick={() => void tryProvider(id)}
        >
          {trying === id ? 'Trying…' : offer}
        </button>
      )}
    </li>
  );
}

/** The provider in use, and the others of this computer. */
export function ProviderList() {
  const { providers, error, trying } = useProviders();
  const [cpu, ...others] = providers ?? [];
  const tried = providers?.find(({ id }) => id === trying);
  return (
    <section className="models-part" aria-labelledby="providers">
      <h2 id="providers">What it runs on</h2>
      {cpu && others.length === 0 && <p className="models-quiet numbers">{onlyProviderWords(cpu)}</p>}
      {others.length > 0 && (
        <>
          <ul>
            {providers?.map((provider) => (
              <Provider key={provider.id} provider={provider} cpu={cpu} />
            ))}
          </ul>
          <p className="label">
            A trial takes a few seconds. Only what gives the processor’s own answers is used.
          </p>
        </>
      )}
      <p className="visually-hidden" role="status">
        {tried && `Trying ${tried.name}`}
      </p>
      {error && <ErrorNote error={error} />}
    </section>
  );
}
