import type { Inventory } from '#ports/facts';
import { type Candidate, type Match, tellDisk, tellNic } from '#profile/match';
import type { Paint } from '#report/paint';
import { wrap } from '#report/wrap';

export interface MatchScreen {
  readonly paint: Paint;
  readonly columns: number;
}

/** What each selector picked, and what speaks against every other device. */
export function matchScreen(match: Match, inventory: Inventory, screen: MatchScreen): string {
  const { paint } = screen;
  const who = match.node === undefined ? 'none of the nodes' : `the node ${match.node.name}`;
  const lines = [
    `${inventory.hostname} is ${paint.bold(who)}`,
    ...match.disks.flatMap(({ role, chosen, considered }) =>
      selector(
        `disk ${role}`,
        chosen === undefined ? undefined : tellDisk(chosen),
        others(considered, tellDisk),
        screen,
      ),
    ),
    ...match.nics.flatMap(({ name, chosen, considered }) =>
      selector(
        `interface ${name}`,
        chosen === undefined ? undefined : tellNic(chosen),
        others(considered, tellNic),
        screen,
      ),
    ),
    ...match.warnings.flatMap((warning) => hanging('  warning  ', warning, screen, paint.yellow)),
  ];
  return `${lines.join('\n')}\n`;
}

function others<Device>(considered: readonly Candidate<Device>[], tell: (device: Device) => string): readonly string[] {
  return considered.filter((one) => !one.fits).map(({ device, reasons }) => `${tell(device)}: ${reasons.join('; ')}`);
}

function selector(
  what: string,
  chosen: string | undefined,
  rest: readonly string[],
  screen: MatchScreen,
): readonly string[] {
  const { paint } = screen;
  return [
    '',
    paint.bold(what),
    ...hanging('  picks    ', chosen ?? 'no single device', screen, chosen === undefined ? paint.red : paint.green),
    ...rest.flatMap((text) => hanging('  not      ', text, screen, paint.dim)),
  ];
}

function hanging(
  label: string,
  text: string,
  { columns }: MatchScreen,
  hue: (text: string) => string,
): readonly string[] {
  return wrap(text, columns - label.length).map((line, index) =>
    index === 0 ? `${hue(label)}${line}` : `${' '.repeat(label.length)}${line}`,
  );
}
