/** The style of every page, light and dark. */
export const stylesheet = `
:root { color-scheme: light dark; --ink: #1b1a19; --dim: #5c5a58; --paper: #ffffff; --ground: #eef1f6; --line: #8a8886;
  --accent: #0b5cad; --on-accent: #ffffff; --soft: #f3f5f9; --bad: #a4262c }
@media (prefers-color-scheme: dark) { :root { --ink: #f3f2f1; --dim: #b8b5b2; --paper: #23252b; --ground: #14161a;
  --line: #8f8d8b; --accent: #7db8f5; --on-accent: #0b1a2b; --soft: #2d3038; --bad: #ff9b9b } }
* { box-sizing: border-box }
[hidden] { display: none !important }
body { margin: 0; min-height: 100vh; display: flex; flex-direction: column; align-items: center; justify-content: center;
  gap: 1.25rem; padding: 1rem; background: var(--ground); color: var(--ink);
  font: 1rem/1.45 "Segoe UI", system-ui, -apple-system, "Helvetica Neue", Arial, sans-serif }
main { width: 100%; max-width: 27.5rem; padding: 2.5rem 2.75rem; background: var(--paper); border-radius: .5rem;
  box-shadow: 0 2px 12px rgb(0 0 0 / 18%) }
footer { color: var(--dim); font-size: .8rem; text-align: center }
h1 { margin: .25rem 0 .5rem; font-size: 1.5rem; font-weight: 600; line-height: 1.25 }
p { margin: 0 0 1rem }
.brand { color: var(--accent); font-weight: 600; font-size: .95rem; letter-spacing: .01em }
.who { display: flex; align-items: center; gap: .5rem; margin: 0 0 .75rem; overflow-wrap: anywhere }
.dim, small { color: var(--dim) }
.bad { color: var(--bad); font-weight: 600 }
label { display: block; margin-bottom: 1rem; font-weight: 600; font-size: .9rem }
input:not([type=checkbox]) { display: block; width: 100%; margin-top: .3rem; padding: .6rem .7rem; border: 1px solid var(--line);
  border-radius: .25rem; background: var(--paper); color: var(--ink); font: inherit; font-weight: 400 }
label.check { display: flex; gap: .5rem; align-items: start; font-weight: 400 }
button { padding: .6rem 1.4rem; border: 1px solid transparent; border-radius: .25rem; background: var(--accent);
  color: var(--on-accent); font: inherit; font-weight: 600; cursor: pointer }
button.plain { background: transparent; color: var(--ink); border-color: var(--line) }
a { color: var(--accent) }
button.link { padding: .15rem 0; background: none; color: var(--accent); font-weight: 400; text-decoration: underline }
button:hover { filter: brightness(1.08) }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
.row { display: flex; flex-flow: row-reverse wrap; gap: .6rem; margin: 1.25rem 0 .75rem }
ul { margin: 0 0 1rem; padding-left: 1.2rem }
ul.accounts { list-style: none; padding: 0 }
ul.accounts button { display: block; width: 100%; margin-bottom: .5rem; padding: .7rem .9rem; text-align: left;
  background: var(--soft); color: var(--ink); font-weight: 400; overflow-wrap: anywhere }
ul.accounts strong { display: block }
details { margin-top: 1.5rem; padding-top: 1rem; border-top: 1px solid var(--soft); font-size: .9rem }
summary { cursor: pointer; color: var(--dim) }
table { width: 100%; margin-top: .5rem; border-collapse: collapse }
td, th { padding: .2rem .4rem .2rem 0; text-align: left; vertical-align: top; overflow-wrap: anywhere }
dl { display: grid; grid-template-columns: auto 1fr; gap: .2rem .8rem; font-size: .85rem; color: var(--dim) }
dd { margin: 0; overflow-wrap: anywhere }
code { font-family: ui-monospace, "Cascadia Code", Menlo, Consolas, monospace }
.code { font-size: 1.2rem; letter-spacing: .12em }
@media (max-width: 30rem) { main { padding: 1.75rem 1.25rem } .row button { flex: 1 } }
`
