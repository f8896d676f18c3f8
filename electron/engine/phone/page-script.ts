import type { amountIn } from '../../contract/amounts.ts';
import type { PageWords } from './page-words.ts';

/** A product as the phone shows it. */
export interface PhoneResult {
  title: string;
  /** What tells it from others of its title: its colour, and where that is the same too, its SKU. Null: the feed has no colour. */
  about: string | null;
  price: number | null;
  currency: string | null;
  /** A `data:` address; null without a picture. */
  picture: string | null;
}

/**
 * The script of the phone's page. Its text is put into the page, so it uses nothing but its parameters and the browser.
 * @param words by language
 * @param price see `amountIn`
 */
export function runPage(
  words: Readonly<Record<string, PageWords & { dir: string }>>,
  price: typeof amountIn,
): void {
  const language = navigator.languages.map((each) => each.slice(0, 2)).find((each) => each in words) ?? 'en';
  const say = words[language];
  if (!say) return;
  document.documentElement.lang = language;
  document.documentElement.dir = say.dir;
  document.title = say.title;
  const part = (id: string): HTMLElement => {
    const found = document.getElementById(id);
    if (!found) throw new Error(id);
    return found;
  };
  const [status, results, again] = [part('status'), part('results'), part('again')];
  for (const [id, text] of Object.entries({
    title: say.title,
    'take-words': say.take,
    'choose-words': say.choose,
    hint: say.hint,
    again: say.again,
  }))
    part(id).textContent = text;

  // The code is in the part of the address that no browser sends, so that a preview of the link does not use it up.
  let session = sessionStorage.getItem('session');
  const show = (state: 'start' | 'busy' | 'found' | 'closed', text = '') => {
    document.body.dataset.state = state;
    status.textContent = text;
  };
  const refusals: Record<string, string> = {
    used: say.used,
    expired: say.expired,
    wrong: say.wrong,
    large: say.tooLarge,
    picture: say.unreadable,
    catalog: say.noCatalog,
  };
  const join = async () => {
    const code = location.hash.slice(1);
    history.replaceState(null, '', '/');
    if (code === '' && session !== null) return show('start');
    const answer = await fetch('/join', { method: 'POST', body: JSON.stringify({ code }) }).catch(() => null);
    const said = await answer?.json().catch(() => null);
    if (typeof said?.session !== 'string')
      return show('closed', answer ? (refusals[said?.refused] ?? say.failed) : say.ended);
    session = said.session;
    sessionStorage.setItem('session', said.session);
    show('start');
  };

  const card = (result: PhoneResult) => {
    const item = document.createElement('li');
    const frame = document.createElement('div');
    if (result.picture !== null) {
      const image = document.createElement('img');
      image.src = result.picture;
      image.alt = '';
      frame.append(image);
    }
    const title = document.createElement('p');
    title.dir = 'auto';
    title.textContent = result.title;
    const about = document.createElement('p');
    about.className = 'about';
    about.dir = 'auto';
    about.textContent = result.about;
    const cost = document.createElement('p');
    cost.className = 'price';
    cost.textContent =
      result.price === null ? say.noPrice : price(result.price, result.currency, navigator.language);
    item.append(frame, title, about, cost);
    return item;
  };
  const send = (photo: File) => {
    show('busy', say.sending);
    results.replaceChildren();
    const request = new XMLHttpRequest();
    request.open('POST', '/photo');
    request.setRequestHeader('authorization', `Bearer ${session}`);
    request.responseType = 'json';
    request.upload.onprogress = ({ loaded, total }) => {
      if (loaded < total) status.textContent = `${say.sending} ${Math.round((100 * loaded) / total)} %`;
    };
    request.upload.onload = () => {
      status.textContent = say.matching;
    };
    request.onerror = () => show('closed', say.ended);
    request.onload = () => {
      const said: { results?: PhoneResult[]; refused?: string } | null = request.response;
      if (request.status === 403) return show('closed', say.ended);
      if (!said?.results) return show('start', refusals[said?.refused ?? ''] ?? say.failed);
      results.replaceChildren(...said.results.map(card));
      show('found', say.found);
      results.scrollIntoView();
    };
    request.send(photo);
  };
  for (const input of document.querySelectorAll('input')) {
    input.onchange = () => {
      const [photo] = input.files ?? [];
      input.value = '';
      if (photo) send(photo);
    };
  }
  again.onclick = () => show('start');
  void join();
}
