import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Handlebars from 'handlebars';
import { line, sh, yaml } from './words.ts';

const engine = Handlebars.create();
engine.registerHelper({ line, sh, yaml });

const strictly = {
  noEscape: true,
  strict: true,
  knownHelpersOnly: true,
  knownHelpers: { line: true, sh: true, yaml: true },
} as const;

/**
 * Fills one of the templates beside this file, named without `.hbs`: `render('chrony.conf', { servers })`.
 * Every value passes a helper: `{{line x}}`, `{{sh x}}` or `{{yaml x}}`; each of them throws on undefined, because
 * Handlebars' own strict mode does not look at what helpers are given.
 */
export function render(template: string, values: Readonly<Record<string, unknown>>): string {
  const source = readFileSync(join(import.meta.dirname, 'templates', `${template}.hbs`), 'utf8');
  return engine.compile(source, strictly)(values);
}
