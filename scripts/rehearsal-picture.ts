import { tell } from '#report/tell';
import { textReport } from '#report/text';
import { stage } from '../test/fixtures/rehearsed.ts';

const line = 18;
const left = 20;
const top = 54;

/** The README's picture: what a terminal shows at the end of a rehearsal of the single-node profile, as SVG. */
export async function rehearsalPicture(): Promise<string> {
  const { play, world } = await stage('single-node');
  const runs = await play();
  world.close();
  const story = tell(runs.flatMap((run) => run.entries));
  const told = textReport(story, { columns: 84 }).trimEnd().split('\n');
  return svg(['$ scripts/novasphere rehearse profiles/single-node.yaml', '', ...told]);
}

function svg(lines: readonly string[]): string {
  const height = top + lines.length * line + 14;
  const texts = lines.flatMap((text, index) =>
    text === ''
      ? []
      : [
          `<text x="${left}" y="${top + index * line}" fill="${hue(text)}" xml:space="preserve">${escaped(text)}</text>`,
        ],
  );
  const lamps = ['#ff5f57', '#febc2e', '#28c840'].map(
    (fill, index) => `<circle cx="${24 + index * 20}" cy="20" r="6" fill="${fill}"/>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" width="760" height="${height}" viewBox="0 0 760 ${height}" role="img" aria-label="The end of a rehearsal on a terminal">
<rect width="760" height="${height}" rx="10" fill="#10141c"/>
${lamps.join('')}
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="13">
${texts.join('\n')}
</g>
</svg>
`;
}

function hue(text: string): string {
  if (text.startsWith('$')) return '#8ab4f8';
  if (text.trimStart().startsWith('✔')) return '#7ee2a8';
  return text.startsWith('      ') ? '#9aa4b2' : '#e6e9ef';
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
