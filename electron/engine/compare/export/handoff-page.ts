import type { MatchType } from '../../../contract/compare.ts';
import type { HandedBack } from '../handed-back.ts';
import type { HandedOff } from './handoff.ts';

/**
 * What runs in the page of a hand-off (`handoff.ts`), in any browser, from a file. The page has this function's text, so it uses
 * nothing outside of itself. Decisions are kept in the browser, where it lets a file do so, until they are saved as a file.
 */
export function handoffPage(): void {
  type Decided = { match: MatchType; product: string | null };
  const find = (id: string): HTMLElement => document.getElementById(id) ?? document.body;
  const data: HandedOff = JSON.parse(find('handoff').textContent ?? '');
  const keptAs = `lookalike ${data.comparison} ${data.at}`;
  const decided = new Map<number, Decided>();
  const chosen = new Map<number, number>();
  const undo: { at: number; before: Decided | undefined }[] = [];
  let [at, isSaved] = [0, true];

  const WORDS: Record<MatchType, string> = {
    same: 'same',
    equivalent: 'equivalent',
    similar: 'similar',
    none: 'no match',
    unsure: 'unsure',
  };
  const KEYS: Record<string, MatchType> = {
    a: 'same',
    e: 'equivalent',
    s: 'similar',
    x: 'none',
    ' ': 'unsure',
  };

  const rowAt = (place: number) => data.rows[place];
  const before = (place: number): Decided | undefined => rowAt(place)?.decision ?? undefined;
  const decisionAt = (place: number): Decided | undefined => decided.get(place) ?? before(place);
  const productOf = (uid: string) => data.products[uid];

  function picture(id: string, alt: string): HTMLElement {
    const bytes = document.getElementById(id)?.textContent;
    const shown = document.createElement(bytes ? 'img' : 'span');
    if (shown.tagName === 'IMG') {
      shown.setAttribute(
        'src',
        `data:${document.getElementById(id)?.getAttribute('data-type')};base64,${bytes}`,
      );
      shown.setAttribute('alt', alt);
    } else shown.textContent = 'No picture';
    return shown;
  }

  function show(): void {
    const row = rowAt(at);
    if (!row) return;
    const decision = decisionAt(at);
    const uids = row.candidates;
    const fromDecision = decision?.product ? uids.indexOf(decision.product) : -1;
    const choice = Math.min(chosen.get(at) ?? Math.max(0, fromDecision), Math.max(0, uids.length - 1));
    find('theirs').replaceChildren(picture(`r${row.row}`, `Their picture ${row.name}`));
    find('their-words').textContent = row.words;
    const first = uids[choice];
    const product = first === undefined ? undefined : productOf(first);
    find('ours').replaceChildren(product ? picture(product.picture, product.title) : 'No candidate');
    find('our-words').textContent = product?.words ?? '';
    find('candidates').replaceChildren(
      ...uids.map((uid, place) => {
        const button = document.createElement('button');
        const item = document.createElement('li');
        button.type = 'button';
        button.setAttribute('aria-pressed', String(place === choice));
        button.append(
          picture(productOf(uid)?.picture ?? '', ''),
          `${place + 1} ${productOf(uid)?.title ?? ''}`,
        );
        button.addEventListener('click', () => choose(place));
        item.append(button);
        return item;
      }),
    );
    for (const button of document.querySelectorAll('[data-match]'))
      button.setAttribute('aria-pressed', String(button.getAttribute('data-match') === decision?.match));
    const count = data.rows.filter((_, place) => decisionAt(place)).length;
    find('where').textContent = `${at + 1} of ${data.rows.length} · ${count} decided`;
    find('state').textContent = decision ? `Decided: ${WORDS[decision.match]}` : 'Not decided';
    find('save').textContent =
      isSaved || decided.size === 0 ? 'Save decisions' : `Save ${counted(decided.size)}`;
  }

  function choose(place: number): void {
    if (place >= (rowAt(at)?.candidates.length ?? 0)) return;
    chosen.set(at, place);
    show();
  }

  function step(by: number): void {
    at = Math.max(0, Math.min(data.rows.length - 1, at + by));
    keep();
    show();
  }

  function decide(match: MatchType): void {
    const row = rowAt(at);
    const fromDecision = row?.candidates.indexOf(decisionAt(at)?.product ?? '') ?? -1;
    const uid = row?.candidates[chosen.get(at) ?? Math.max(0, fromDecision)] ?? null;
    const needsNone = match === 'none' || match === 'unsure';
    if (!row || (uid === null && !needsNone)) return;
    undo.push({ at, before: decided.get(at) });
    decided.set(at, { match, product: needsNone ? null : uid });
    isSaved = false;
    keep();
    const isLast = at === data.rows.length - 1;
    say(`${at + 1}: ${WORDS[match]}${isLast ? '. This was the last one: save the decisions.' : ''}`);
    step(1);
  }

  function takeBack(): void {
    const last = undo.pop();
    if (!last) return;
    at = last.at;
    if (last.before) decided.set(at, last.before);
    else decided.delete(at);
    isSaved = false;
    keep();
    say(`${at + 1}: taken back`);
    show();
  }

  const counted = (decisions: number): string => (decisions === 1 ? '1 decision' : `${decisions} decisions`);

  const say = (words: string): void => {
    find('said').textContent = words;
  };

  function keep(): void {
    try {
      localStorage.setItem(keptAs, JSON.stringify({ isSaved, at, decisions: [...decided] }));
    } catch {
      // A browser may refuse files a place of their own. Leaving the page asks first.
    }
  }

  function restore(): void {
    let wasAt = -1;
    try {
      const kept = JSON.parse(localStorage.getItem(keptAs) ?? '{"isSaved":true,"decisions":[]}');
      for (const [place, decision] of kept.decisions) decided.set(place, decision);
      isSaved = kept.isSaved;
      if (rowAt(kept.at)) wasAt = kept.at;
    } catch {
      // See `keep`.
    }
    const open = data.rows.findIndex((_, place) => !decisionAt(place));
    at = wasAt >= 0 ? wasAt : Math.max(0, open);
  }

  function save(): void {
    const name = document.querySelector('input')?.value.trim() ?? '';
    const file: HandedBack = {
      lookalike: 'decisions',
      version: 1,
      name: data.name,
      by: name.slice(0, 200),
      rows: [...decided].flatMap(([place, decision]) => {
        const row = rowAt(place);
        return row ? [{ row: row.row, picture: row.picture, ...decision, before: row.decision }] : [];
      }),
    };
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([JSON.stringify(file)], { type: 'application/json' }));
    link.download = `${data.name.replace(/[\\/:*?"<>|]+/g, '-')}, decisions${name ? ` of ${name.replace(/[\\/:*?"<>|]+/g, '-')}` : ''}.json`;
    link.click();
    isSaved = true;
    keep();
    say(`${counted(file.rows.length)} saved as ${link.download}. Send that file back.`);
    show();
  }

  document.addEventListener('keydown', (event) => {
    const isTyping = event.target instanceof HTMLInputElement;
    if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
    const match = KEYS[event.key.toLowerCase()];
    const number = Number(event.key);
    if (match) decide(match);
    else if (event.key === 'Backspace') takeBack();
    else if (event.key === 'ArrowRight' || event.key === 'ArrowDown') step(1);
    else if (event.key === 'ArrowLeft' || event.key === 'ArrowUp') step(-1);
    else if (event.key !== ' ' && number >= 1 && number <= 9) choose(number - 1);
    else return;
    // A space would press the button that has the focus, and an arrow scroll the page, too.
    event.preventDefault();
  });
  for (const button of document.querySelectorAll('[data-match]')) {
    const match = Object.values(KEYS).find((each) => each === button.getAttribute('data-match'));
    button.addEventListener('click', () => match && decide(match));
  }
  find('previous').addEventListener('click', () => step(-1));
  find('next').addEventListener('click', () => step(1));
  find('undo').addEventListener('click', takeBack);
  find('save').addEventListener('click', save);
  window.addEventListener('beforeunload', (event) => {
    if (!isSaved) event.preventDefault();
  });
  restore();
  show();
}
