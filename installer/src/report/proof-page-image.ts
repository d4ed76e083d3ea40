import type { Asker, ProvenImage } from '#bundle/proof/proof';
import { bytes } from '#engine/disk-full';
import { type Markup, markup } from './markup.ts';
import { askings, partsOf } from './proof-words.ts';

/** More askers than these are folded away. */
const shown = 3;

/** One image: what it is on the left, who asks and why on the right. */
export function imageRow(image: ProvenImage, wrong?: 'missing' | 'extra'): Markup {
  const { registry, name, tag } = partsOf(image.reference);
  const tone = wrong === undefined ? '' : wrong === 'missing' ? ' bad' : ' warn';
  const badge = wrong === undefined ? undefined : markup`<span class="badge">${wrong}</span> `;
  return markup`<article class="image${tone}"><div><h3>${badge}<span class="registry">${registry}/</span>${name} <span class="tag">${tag}</span></h3>${facts(image, wrong)}</div>
${askers(image)}</article>
`;
}

function facts({ digest, size, archive }: ProvenImage, wrong: 'missing' | 'extra' | undefined): Markup | undefined {
  if (archive === undefined)
    return wrong === 'extra' ? markup`<div class="facts"><span>in the catalog alone</span></div>` : undefined;
  const said =
    digest === undefined
      ? markup`<span>its archive tells no digest</span>`
      : markup`<span class="mono digest" title="${digest}">${digest}</span>`;
  const where = wrong === undefined ? undefined : markup`<span class="mono">${archive}</span>`;
  return markup`<div class="facts">${size === undefined ? undefined : markup`<span class="size">${bytes(size)}</span>`}${said}${where}</div>`;
}

function askers({ askedBy }: ProvenImage): Markup {
  if (askedBy.length === 0)
    return markup`<ul class="askers"><li><span class="kind"></span><span>nobody asks for it</span></li></ul>`;
  const few = askedBy.length <= shown + 1 ? askedBy : askedBy.slice(0, shown);
  const more = askedBy.slice(few.length);
  const rest =
    more.length === 0
      ? undefined
      : markup`<details><summary>and ${more.length} more</summary><ul>${more.map(askerRow)}</ul></details>`;
  return markup`<div class="askers"><ul>${few.map(askerRow)}</ul>${rest}</div>`;
}

/** Our own reason stands for itself; everybody else is named, with the field that names the image kept in one piece. */
function askerRow({ kind, who, from, reason }: Asker): Markup {
  const [name] = askings[kind];
  if (kind === 'supplement') return row(name, markup`${reason}${place(who)}`);
  const [, owner = who, field] = /^(.*), ([^,]*)$/.exec(who) ?? [];
  const part = field === undefined ? undefined : markup`, <span class="part">${field}</span>`;
  const why = reason === undefined ? undefined : markup`<div class="why">${reason}</div>`;
  return row(name, markup`${owner}${part}${place(from)}${why}`);
}

function row(kind: string, text: Markup): Markup {
  return markup`<li><span class="kind">${kind}</span><span class="who">${text}</span></li>`;
}

function place(path: string | undefined): Markup | undefined {
  return path === undefined ? undefined : markup` <span class="from">${path}</span>`;
}
