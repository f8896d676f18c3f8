import type { MatchType } from '../../../contract/compare.ts';
import type { HandedCommand } from '../../../contract/review-keys.ts';
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
  type Step = { at: number; before: Decided | undefined };
  const undo: Step[] = [];
  const redo: Step[] = [];
  let [at, isSaved] = [0, true];

  const WORDS: Record<MatchType, string> = {
    same: 'same',
    equivalent: 'equivalent',
    similar: 'similar',
    none: 'no match',
    unsure: 'unsure',
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
    find('theirs').replaceChildren(picture(`r${row.row}`, `Their picture ${row.name}`));
    find('their-words').textContent = row.words;
    const uid = uids[choice()];
    const product = uid === undefined ? undefined : productOf(uid);
    find('ours').replaceChildren(product ? picture(product.picture, product.title) : 'No candidate');
    find('our-words').textContent = product?.words ?? '';
    find('candidates').replaceChildren(
      ...uids.map((uid, place) => {
        const button = document.createElement('button');
        const item = document.createElement('li');
        button.type = 'button';
        button.setAttribute('aria-pressed', String(place === choice()));
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
    if (place < 0 || place >= (rowAt(at)?.candidates.length ?? 0)) return;
    chosen.set(at, place);
    show();
  }

  const choice = (): number => {
    const place = rowAt(at)?.candidates.indexOf(decisionAt(at)?.product ?? '') ?? -1;
    return chosen.get(at) ?? Math.max(0, place);
  };

  function step(by: number): void {
    at = Math.max(0, Math.min(data.rows.length - 1, at + by));
    keep();
    show();
  }

  function decide(match: MatchType): void {
    const row = rowAt(at);
    const uid = row?.candidates[choice()] ?? null;
    const needsNone = match === 'none' || match === 'unsure';
    if (!row || (uid === null && !needsNone)) return;
    undo.push({ at, before: decided.get(at) });
    redo.length = 0;
    decided.set(at, { match, product: needsNone ? null : uid });
    isSaved = false;
    keep();
    const isLast = at === data.rows.length - 1;
    say(`${at + 1}: ${WORDS[match]}${isLast ? '. This was the last one: save the decisions.' : ''}`);
    step(1);
  }

  /** Takes the last step of one list back, and puts its contrary on the other. */
  function retrace(from: Step[], to: Step[], words: string): void {
    const last = from.pop();
    if (!last) return;
    at = last.at;
    to.push({ at, before: decided.get(at) });
    if (last.before) decided.set(at, last.before);
    else decided.delete(at);
    isSaved = false;
    keep();
    say(`${at + 1}: ${words}`);
    show();
  }

  const takeBack = () => retrace(undo, redo, 'taken back');
  const doAgain = () => retrace(redo, undo, 'decided again');

  function stepToUndecided(): void {
    const places = data.rows.map((_, place) => (at + 1 + place) % data.rows.length);
    const next = places.find((place) => !decisionAt(place));
    if (next === undefined) say('All are decided');
    else step(next - at);
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

  const COMMANDS: Record<HandedCommand, () => void> = {
    same: () => decide('same'),
    equivalent: () => decide('equivalent'),
    similar: () => decide('similar'),
    none: () => decide('none'),
    unsure: () => decide('unsure'),
    next: () => step(1),
    previous: () => step(-1),
    nextUndecided: stepToUndecided,
    undo: takeBack,
    redo: doAgain,
    up: () => choose(choice() - 1),
    down: () => choose(choice() + 1),
    flip: () => document.body.classList.add('flipped'),
  };
  /** A held key never decides row after row. */
  const REPEATED: readonly HandedCommand[] = ['next', 'previous', 'up', 'down'];
  /** A letter is the same key whether or not Shift or Caps Lock is on. */
  const normal = (key: string): string => (key.length === 1 ? key.toLowerCase() : key);
  const commandOf = (key: string) => data.keys.find((each) => each.key === normal(key))?.command;
  const sheet = document.querySelector('dialog');

  document.addEventListener('keydown', (event) => {
    if (event.target instanceof HTMLInputElement || event.altKey || sheet?.open) return;
    const key = normal(event.key);
    const isWithControl = event.ctrlKey || event.metaKey;
    let act: (() => void) | undefined;
    if (isWithControl) {
      if (key === 'z') act = event.shiftKey ? doAgain : takeBack;
      else if (key === 'y') act = doAgain;
    } else if (key === '?') act = () => sheet?.showModal();
    else if (/^[1-9]$/.test(key)) act = () => choose(Number(key) - 1);
    else {
      const command = commandOf(key);
      if (command) act = event.repeat && !REPEATED.includes(command) ? () => {} : COMMANDS[command];
    }
    if (!act) return;
    act();
    // A space would press the button that has the focus, and an arrow scroll the page, too.
    event.preventDefault();
  });
  const unflip = () => document.body.classList.remove('flipped');
  document.addEventListener('keyup', (event) => {
    if (commandOf(event.key) === 'flip') unflip();
  });
  window.addEventListener('blur', unflip);
  for (const button of document.querySelectorAll('[data-match]')) {
    const command = data.keys.find((each) => each.command === button.getAttribute('data-match'))?.command;
    button.addEventListener('click', () => command && COMMANDS[command]());
  }
  find('show-keys').addEventListener('click', () => sheet?.showModal());
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
