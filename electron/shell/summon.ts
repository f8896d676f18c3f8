import { readFileSync } from 'node:fs';
import { app, globalShortcut, Menu, nativeImage, Tray } from 'electron';
import type { Fault } from '../contract/faults.ts';
import { isNeededElsewhere, type SummonSettings, summonSettings } from '../contract/summon.ts';
import { writeWhole } from '../engine/files/changes.ts';

const OFF: SummonSettings = { shortcut: null, tray: false };

interface Actions {
  /** Brings the window up. */
  show: () => void;
  /** Brings the window up, and matches what is on the clipboard. */
  match: () => void;
}

/** Brings Lookalike up from other programs: by a key that works anywhere, and by an icon in the tray. */
export class Summon {
  readonly #file: string;
  readonly #icon: string;
  readonly #actions: Actions;
  #settings = OFF;
  /** The key of the settings is ours. Another program may have it. */
  #registered = false;
  #tray: Tray | null = null;

  /**
   * @param file the settings
   * @param icon a square picture
   */
  constructor(file: string, icon: string, actions: Actions) {
    this.#file = file;
    this.#icon = icon;
    this.#actions = actions;
    this.#settings = load(file);
    // A key that is taken now is said when the settings are opened.
    this.#registered = this.#register(this.#settings.shortcut);
    this.#showTray(this.#settings.tray);
    app.once('will-quit', () => globalShortcut.unregisterAll());
  }

  /** The settings, and why the key does not work; null when it does. */
  get state(): { settings: SummonSettings; fault: Fault | null } {
    const { shortcut } = this.#settings;
    if (shortcut !== null && isNeededElsewhere(shortcut))
      return { settings: this.#settings, fault: needed(shortcut) };
    const isTaken = shortcut !== null && !this.#registered;
    return { settings: this.#settings, fault: isTaken ? taken(shortcut) : null };
  }

  /** Whether Lookalike stays when its window is closed. */
  get stays(): boolean {
    return this.#tray !== null;
  }

  /** @returns why a new key cannot be had; everything is as before then. @throws HeldError, Error of the file system */
  async change(next: SummonSettings): Promise<Fault | null> {
    const before = this.#settings;
    if (next.shortcut !== before.shortcut) {
      if (next.shortcut !== null && isNeededElsewhere(next.shortcut)) return needed(next.shortcut);
      globalShortcut.unregisterAll();
      this.#registered = this.#register(next.shortcut);
      if (!this.#registered) {
        this.#registered = this.#register(before.shortcut);
        return taken(next.shortcut ?? '');
      }
    }
    this.#settings = next;
    this.#showTray(next.tray);
    await writeWhole(this.#file, JSON.stringify(next));
    return null;
  }

  #register(shortcut: string | null): boolean {
    if (shortcut === null) return true;
    // Earlier versions let such a key be chosen.
    if (isNeededElsewhere(shortcut)) return false;
    try {
      return globalShortcut.register(shortcut, this.#actions.match);
    } catch {
      // Not a key that Electron knows.
      return false;
    }
  }

  #showTray(wanted: boolean): void {
    if (!wanted) {
      this.#tray?.destroy();
      this.#tray = null;
      return;
    }
    if (this.#tray) return;
    const { show, match } = this.#actions;
    const tray = new Tray(nativeImage.createFromPath(this.#icon).resize({ width: 22, height: 22 }));
    tray.setToolTip('Lookalike');
    const menu = Menu.buildFromTemplate([
      { label: 'Open Lookalike', click: show },
      { label: 'Match What Is on the Clipboard', click: match },
      { type: 'separator' },
      { label: 'Quit', click: () => app.quit() },
    ]);
    tray.setContextMenu(menu);
    // On macOS a click opens the menu.
    if (process.platform !== 'darwin') tray.on('click', show);
    this.#tray = tray;
  }
}

const needed = (shortcut: string): Fault => ({ code: 'SHORTCUT_NEEDED', params: { shortcut } });
const taken = (shortcut: string): Fault => ({ code: 'SHORTCUT_TAKEN', params: { shortcut } });

function load(file: string): SummonSettings {
  try {
    return summonSettings.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (!isMissing)
      console.error(`${file} could not be read. The key from anywhere and the tray are off.`, error);
    return OFF;
  }
}
