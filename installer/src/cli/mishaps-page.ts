import { type Mishap, mishaps } from '#simulation/mishaps';

/** docs/reference/mishaps.md, made from the table of mishaps. */
export function mishapsPage(): string {
  return `# Mishaps

Made from \`installer/src/simulation/mishaps.ts\`; not edited by hand.

A rehearsal shows what a bad day looks like before it comes:

\`\`\`
novasphere rehearse plant-7.yaml --mishap power-cut@multus
novasphere rehearse plant-7.yaml --mishap power-cut@multus --resume
\`\`\`

\`NAME@STEP\` strikes when that phase or step begins; without a place it strikes where the table says. \`--mishap\` may be repeated. With \`--resume\` the rehearsal goes on after each fault as the next run on the same machine would: what was broken has been mended meanwhile, as somebody on site would have done, and the power is back. The installation then has to end as it would have without the mishap. The same \`--seed\` plays the same rehearsal.

| mishap | what happens | strikes at |
|---|---|---|
${mishaps.map((one) => `| [\`${one.name}\`](#${one.name}) | ${one.summary} | \`${one.at}\` |`).join('\n')}

${mishaps.map(part).join('\n')}`;
}

function part({ name, summary, at, places, outcome }: Mishap): string {
  const where = places === undefined ? '' : ` The place counts: ${places}.`;
  return `## ${name}\n\n${sentence(summary)}. It strikes at \`${at}\` when no other place is named.${where}\n\nWhat one sees: ${outcome}.\n`;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
