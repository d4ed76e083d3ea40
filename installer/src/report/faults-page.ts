import { type Code, codes } from '#engine/codes';
import { faultPages } from './fault-pages.ts';

/** docs/reference/faults.md, made from the table of codes and the paragraphs beside it. */
export function faultsPage(): string {
  const all = (Object.keys(codes) as Code[]).map((code) => {
    const { title, exit } = codes[code];
    return `## ${code}\n\n**${title}.** Exit code ${exit}.\n\n${faultPages[code]}\n`;
  });
  return `# Faults

Made from \`installer/src/engine/codes.ts\` and \`installer/src/report/fault-pages.ts\`; not edited by hand.

A fault names what is wrong, because of what, where, what was seen, and what to try. Its code is in the JSON output, in reports, and on the screen with \`-v\`. Faults that a plan or a run meets are also told by \`novasphere explain\`.

${all.join('\n')}`;
}
