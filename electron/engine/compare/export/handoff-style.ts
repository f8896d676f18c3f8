/** The style of a hand-off: the pictures fill the window, and the controls stay where they are. */
export const HANDOFF_STYLE = `
:root { color-scheme: light dark; --ink: light-dark(#201d1a, #f1ece5); --quiet: light-dark(#665f57, #b3aba1); --line: light-dark(#ddd7cf, #4a443d); --paper: light-dark(#fff, #1d1a17); --tray: light-dark(#f5f2ed, #2a2622); }
* { box-sizing: border-box; }
body { margin: 0; height: 100vh; height: 100dvh; display: grid; grid-template-rows: auto minmax(12rem, 1fr) auto auto; background: var(--paper); color: var(--ink); font: 15px/1.4 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; font-variant-numeric: tabular-nums; }
header { display: flex; flex-wrap: wrap; gap: 8px 20px; align-items: center; padding: 10px 16px; border-bottom: 1px solid var(--line); }
h1 { font-size: 17px; margin: 0; overflow-wrap: anywhere; }
header p { margin: 0 auto 0 0; color: var(--quiet); }
input { font: inherit; padding: 5px 8px; border: 1px solid var(--quiet); border-radius: 6px; background: var(--paper); color: var(--ink); width: 11em; }
main { display: grid; grid-template-columns: 1fr 1fr; gap: 16px; padding: 12px 16px; min-height: 0; }
figure { margin: 0; display: flex; flex-direction: column; min-height: 0; gap: 6px; }
.picture { flex: 1; min-height: 0; background: var(--tray); border-radius: 8px; display: grid; place-items: center; color: var(--quiet); overflow: hidden; }
.picture img { width: 100%; height: 100%; min-height: 0; object-fit: contain; }
figcaption { height: 2.8em; overflow: hidden; overflow-wrap: anywhere; }
figcaption span { color: var(--quiet); }
section { min-width: 0; }
ol { list-style: none; margin: 0; padding: 3px 16px; display: grid; grid-auto-flow: column; grid-auto-columns: minmax(84px, 1fr); gap: 8px; overflow-x: auto; min-height: 118px; }
button { font: inherit; color: var(--ink); background: var(--paper); border: 1px solid var(--quiet); border-radius: 8px; padding: 7px 12px; cursor: pointer; }
button:hover { background: var(--tray); }
button:focus-visible, input:focus-visible { outline: 3px solid light-dark(#3b6fd4, #8fb2ff); outline-offset: 1px; }
button[aria-pressed="true"], button.first { background: var(--ink); color: var(--paper); border-color: var(--ink); }
ol button { width: 100%; height: 112px; padding: 4px; display: flex; flex-direction: column; font-size: 12px; overflow: hidden; text-align: left; border-color: var(--line); }
ol button[aria-pressed="true"] { background: var(--paper); color: var(--ink); border-color: var(--ink); box-shadow: 0 0 0 2px var(--ink); }
ol img { width: 100%; flex: 1; min-height: 0; object-fit: contain; margin-bottom: 2px; }
footer { display: flex; flex-wrap: wrap; gap: 8px; justify-content: center; padding: 10px 16px; }
footer p { width: 100%; margin: 0; min-height: 1.4em; text-align: center; color: var(--quiet); overflow-wrap: anywhere; }
#state { color: var(--ink); font-weight: 600; }
/* While the key is held, ours stands where theirs is. */
.flipped main figure:first-child { display: none; }
dialog { max-width: min(32rem, calc(100vw - 32px)); max-height: calc(100dvh - 32px); overflow: auto; padding: 16px 20px; border: 1px solid var(--line); border-radius: 10px; background: var(--paper); color: var(--ink); box-shadow: 0 12px 40px rgb(0 0 0 / 0.3); }
dialog::backdrop { background: rgb(0 0 0 / 0.35); }
h2 { font-size: 15px; margin: 0 0 8px; }
dl { margin: 0 0 14px; display: grid; gap: 4px; }
dl div { display: grid; grid-template-columns: 6rem 1fr; gap: 12px; }
dd { margin: 0; }
dt { font-weight: 600; }
dt kbd { margin: 0; font-size: inherit; opacity: 1; }
kbd { font: inherit; font-size: 12px; opacity: 0.75; margin-left: 4px; }
@media (max-width: 640px), (max-height: 560px) { body { height: auto; } .picture { min-height: 40vh; } }
`;
