/** What the page of a proof needs beyond the style of the run report. */
export const proofStyle = `
.image { display: grid; grid-template-columns: minmax(0, 5fr) minmax(0, 6fr); gap: 6px 28px; padding: 13px 22px; border-bottom: 1px solid var(--line); break-inside: avoid; }
.image:last-child { border-bottom: 0; } .image h3 { font-weight: 600; overflow-wrap: anywhere; } .image h3 .tag { background: var(--act-soft); color: var(--act); font-size: 12px; font-weight: 500; margin-left: 2px; }
.image .registry { color: var(--faint); font-weight: 400; } .image .facts { display: flex; flex-wrap: wrap; gap: 2px 16px; color: var(--soft); font-size: 13px; margin-top: 2px; align-items: baseline; font-variant-numeric: tabular-nums; }

.image .size { white-space: nowrap; min-width: 66px; } .digest { display: inline-block; max-width: 21ch; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; vertical-align: bottom; user-select: all; color: var(--soft); } .digest:hover { max-width: none; white-space: normal; overflow-wrap: anywhere; }
.askers, .askers ul { list-style: none; margin: 0; padding: 0; font-size: 13.5px; } .askers li { display: grid; grid-template-columns: 86px minmax(0, 1fr); gap: 0 12px; padding: 1px 0; }
.askers .kind { color: var(--faint); font-size: 12.5px; padding-top: 1px; } .askers .who { overflow-wrap: anywhere; } .askers .from, .askers .why { color: var(--soft); } .askers .part, .askers .from { display: inline-block; } .askers .part { margin-right: 4px; } .askers .from { font-size: 12.5px; }
.askers details { border: 0; } .askers details li { padding: 1px 0; } .askers summary { display: block; padding: 1px 0 1px 98px; color: var(--act); font-size: 13px; } .askers summary:hover, .askers details[open] > summary { background: none; border: 0; }
.wrong { overflow: hidden; } .wrong .image { border-left: 4px solid var(--tone); } .wrong .badge { color: var(--tone); background: var(--tone-soft); font-weight: 600; font-size: 12px; border-radius: 99px; padding: 1px 9px; }
.wrong p { padding: 13px 22px; border-left: 4px solid var(--tone); border-bottom: 1px solid var(--line); overflow-wrap: anywhere; } .wrong p:last-child { border-bottom: 0; }
.group { display: flex; justify-content: space-between; gap: 0 16px; align-items: baseline; flex-wrap: wrap; } .group span:last-child { color: var(--soft); font-size: 13.5px; font-weight: 400; letter-spacing: 0; } h2 .mono { font-size: 15px; }
.ways td:first-child { width: 150px; } .ways td:nth-child(2) { text-align: right; width: 64px; color: var(--text); font-weight: 600; font-variant-numeric: tabular-nums; padding-left: 0; } .ways td { padding-top: 6px; padding-bottom: 6px; font-size: 14px; }
@media (max-width: 720px) { .image { grid-template-columns: minmax(0, 1fr); padding: 13px 14px; } .askers li { grid-template-columns: 78px minmax(0, 1fr); } .askers summary { padding-left: 90px; } }
@media print { .image { padding: 6px 8px; } .digest { max-width: none; white-space: normal; overflow-wrap: anywhere; } .card.images { break-inside: auto; } .askers details > summary { display: none; } .askers, .askers ul, .image .facts, .askers .kind, .askers .from { font-size: 9.5px; } .digest { font-size: 9px; } .image h3 { font-size: 11px; } .image h3 .tag { font-size: 9.5px; } }
`.trim();
