/** The look of the report page: one style sheet, light and dark, on screens of every width and on paper. */
export const style = `
:root {
  color-scheme: light dark;
  --ground: #f6f7f9; --card: #ffffff; --line: #e3e6eb; --text: #1b2330; --soft: #5d6878; --faint: #98a2b1;
  --good: #12805c; --good-soft: #e3f4ed; --bad: #c0362c; --bad-soft: #fdeceb; --warn: #a86400; --warn-soft: #fdf2df;
  --act: #3b6fe0; --act-soft: #e8effc; --wait: #9db4e8; --code: #10151d; --code-text: #d6e2f0; --code-good: #7fe0b2;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #10141b; --card: #181e27; --line: #2a323e; --text: #e6ebf2; --soft: #9aa6b6; --faint: #667283;
    --good: #4cc596; --good-soft: #14302a; --bad: #f2857c; --bad-soft: #3a1e1f; --warn: #e5aa4d; --warn-soft: #362a16;
    --act: #7ea4f5; --act-soft: #1d2a44; --wait: #46598a; --code: #0b0f15;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 15px/1.55 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
main { max-width: 1060px; margin: 0 auto; padding: 40px 24px 56px; }
h1 { font-size: 32px; line-height: 1.2; letter-spacing: -0.02em; margin: 6px 0 8px; font-weight: 650; }
h2 { font-size: 18px; letter-spacing: -0.01em; margin: 40px 0 12px; font-weight: 620; }
h3 { font-size: 15px; margin: 0; font-weight: 600; }
p { margin: 0; }
code, pre, .mono { font-family: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 12.5px; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 12px; }
.verdict { padding: 28px 30px 24px; border-top: 4px solid var(--tone); }
.verdict .badge { color: var(--tone); background: var(--tone-soft); font-weight: 600; font-size: 13px; border-radius: 99px; padding: 3px 11px; display: inline-block; }
.verdict p { color: var(--soft); font-size: 16px; max-width: 46em; }
.good { --tone: var(--good); --tone-soft: var(--good-soft); } .bad { --tone: var(--bad); --tone-soft: var(--bad-soft); }
.warn { --tone: var(--warn); --tone-soft: var(--warn-soft); } .act { --tone: var(--act); --tone-soft: var(--act-soft); }
.figures { display: flex; flex-wrap: wrap; gap: 10px 36px; margin: 22px 0 0; padding: 18px 0 0; border-top: 1px solid var(--line); }
.figures div { min-width: 76px; } .figures dt { color: var(--soft); font-size: 12.5px; } .figures dd { margin: 0; font-size: 19px; font-weight: 600; font-variant-numeric: tabular-nums; }
.proof { display: grid; grid-template-columns: minmax(0, 5fr) minmax(0, 6fr); overflow: hidden; }
.proof .checks { padding: 22px 26px; } .proof ul { list-style: none; margin: 14px 0 0; padding: 0; }
.proof li { padding: 0 0 12px 26px; position: relative; } .proof li::before { content: "✔"; position: absolute; left: 2px; color: var(--good); font-weight: 700; }
.proof li span { color: var(--soft); display: block; font-size: 13.5px; overflow-wrap: anywhere; }
.proof .when { color: var(--faint); font-size: 12.5px; }
.console { margin: 0; padding: 22px 24px; background: var(--code); color: var(--code-text); white-space: pre-wrap; overflow-wrap: anywhere; line-height: 1.65; }
.console .prompt { color: var(--code-good); font-weight: 600; } .console .name { display: block; color: #7b8798; padding-bottom: 8px; }
.fault { padding: 20px 24px; border-left: 4px solid var(--bad); margin-bottom: 12px; } .fault .message { font-size: 16px; margin: 4px 0 12px; overflow-wrap: anywhere; }
.fault dl { display: grid; grid-template-columns: 76px minmax(0, 1fr); gap: 6px 12px; margin: 0; } .fault dt { color: var(--soft); } .fault dd { margin: 0; overflow-wrap: anywhere; }
.fault dd div + div { margin-top: 3px; } .fault .try code { background: var(--act-soft); border-radius: 5px; padding: 2px 7px; white-space: pre-wrap; }
.code { color: var(--faint); font-weight: 400; font-size: 12.5px; margin-left: 8px; }
.timeline { padding: 16px 22px 12px; } .lane { display: grid; grid-template-columns: 196px minmax(0, 1fr) 88px; gap: 14px; align-items: center; }
.lane .label { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; font-size: 14px; } .lane .took { text-align: right; color: var(--soft); font-size: 13px; font-variant-numeric: tabular-nums; white-space: nowrap; }
.lane svg { display: block; width: 100%; overflow: visible; } .lane.pending .label { color: var(--faint); }
svg .rule { stroke: var(--line); } svg text { fill: var(--faint); font-size: 11px; font-family: inherit; }
svg .span { fill: var(--line); opacity: .55; } svg .doing { fill: var(--act); } svg .quiet { fill: var(--good); opacity: .75; } svg .failed { fill: var(--bad); }
svg .waited { fill: url(#hatch); } svg .slow { fill: url(#hatch-slow); } svg rect:hover { filter: brightness(1.15); }
.legend { display: flex; flex-wrap: wrap; gap: 4px 20px; color: var(--soft); font-size: 12.5px; padding: 12px 0 4px; } .legend span { display: inline-flex; align-items: center; gap: 7px; } .legend svg { width: 22px; }
details { border-bottom: 1px solid var(--line); } details:last-child { border-bottom: 0; }
summary { cursor: pointer; display: grid; grid-template-columns: 18px minmax(0, 1fr) auto; gap: 10px; align-items: baseline; padding: 12px 22px; list-style: none; } summary::-webkit-details-marker { display: none; }
summary:hover { background: var(--ground); } summary .mark { color: var(--tone, var(--faint)); font-weight: 700; } summary .sum { color: var(--soft); font-size: 13px; text-align: right; font-variant-numeric: tabular-nums; }
details[open] > summary { border-bottom: 1px solid var(--line); background: var(--ground); }
.step { padding: 14px 22px 14px 50px; } .step + .step { border-top: 1px dashed var(--line); } .step header { display: flex; justify-content: space-between; gap: 16px; } .step header span { color: var(--soft); font-size: 13px; white-space: nowrap; }
.step .note { color: var(--soft); font-size: 13.5px; } .changes { list-style: none; margin: 6px 0 0; padding: 0; }
.changes li { display: grid; grid-template-columns: minmax(0, 1.3fr) minmax(0, 1fr); gap: 16px; padding: 2px 0; overflow-wrap: anywhere; font-size: 13.5px; } .changes li > span:last-child { color: var(--soft); }
.changes .lost { color: var(--bad); font-weight: 600; } .tag { display: inline-block; font-size: 11.5px; border-radius: 99px; padding: 0 8px; margin-left: 6px; background: var(--tone-soft); color: var(--tone); }
.gate { margin-top: 10px; padding: 9px 14px; background: var(--ground); border-radius: 8px; font-size: 13.5px; } .gate b { font-weight: 600; } .gate .mark { color: var(--tone); margin-right: 6px; }
.gate ul { margin: 5px 0 0; padding-left: 22px; color: var(--soft); } .gate li { overflow-wrap: anywhere; } .gate .evidence { color: var(--text); }
table { width: 100%; border-collapse: collapse; } td { padding: 9px 22px; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; } tr:last-child td { border-bottom: 0; } td:first-child { color: var(--soft); width: 220px; }
.columns { display: grid; grid-template-columns: 1fr 1fr; gap: 16px; align-items: start; } .columns h2 { margin-top: 40px; }
footer { color: var(--faint); font-size: 12.5px; margin-top: 36px; overflow-wrap: anywhere; }
@media (max-width: 720px) {
  svg text.odd { display: none; } main { padding: 20px 14px 40px; } h1 { font-size: 25px; } .verdict { padding: 20px; } .proof, .columns { grid-template-columns: minmax(0, 1fr); } .columns { gap: 0; }
  .lane { grid-template-columns: 104px minmax(0, 1fr) 66px; gap: 8px; } .lane .label { font-size: 12.5px; } .timeline { padding: 12px 14px; } .step { padding-left: 22px; } .changes li { grid-template-columns: minmax(0, 1fr); gap: 0; } td:first-child { width: 42%; } td { padding: 8px 14px; } summary { padding: 12px 14px; }
}
@media print {
  :root { --ground: #fff; } body { font-size: 11px; } main { max-width: none; padding: 0; } .card { break-inside: avoid; } .card.phases { break-inside: auto; } h2, summary { break-after: avoid; } .step, .lane { break-inside: avoid; }
  details::details-content { content-visibility: visible; height: auto; } summary:hover { background: none; } * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`.trim();
