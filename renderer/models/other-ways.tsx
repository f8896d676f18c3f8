import type { ModelState } from '../../electron/contract/models.ts';
import { toast } from '../page/toast.ts';
import { showMirror } from './mirror-setting.tsx';
import { installFromFolder } from './models.ts';
import './other-ways.css';

async function copy(urls: readonly string[]): Promise<void> {
  try {
    await navigator.clipboard.writeText(urls.join('\n'));
    toast('Copied the addresses');
  } catch {
    toast('The addresses could not be copied');
  }
}

/** The other ways to a model that could not be downloaded: from a stick, and from a mirror. */
export function OtherWays() {
  return (
    <>
      <button type="button" className="button" onClick={() => void installFromFolder()}>
        From a stick…
      </button>
      <button type="button" className="button" onClick={showMirror}>
        Use a mirror…
      </button>
    </>
  );
}

/** The files that somebody has to fetch on another computer to bring a model on a stick. */
export function FilesToBring({ model }: { model: ModelState }) {
  const { urls } = model;
  if (urls.length === 0) return null;
  return (
    <details className="files-to-bring">
      <summary>What to bring on the stick</summary>
      <p className="label">
        Open these addresses on a computer that has a way to the internet, and put the files into a folder of
        their own on the stick. Then choose that folder here.
      </p>
      <ul className="label selectable">
        {urls.map((url) => (
          <li key={url}>{url}</li>
        ))}
      </ul>
      <button type="button" className="button" onClick={() => void copy(urls)}>
        Copy the addresses
      </button>
    </details>
  );
}
