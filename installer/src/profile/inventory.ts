import { Fault } from '#engine/fault';
import type { Inventory } from '#ports/facts';
import { Inventory as Shape } from './inventory-schema.ts';
import { formatPath } from './mistake.ts';

const remedy = (file: string): readonly [string] => [
  `on the machine that it describes: sudo novasphere inventory -o ${file}`,
];

/** Reads what `novasphere inventory -o` wrote; a Fault INVENTORY-INVALID says what is wrong with it, and where. */
export function loadInventory(text: string, file: string): Inventory {
  const value = parse(text, file);
  const version = typeof value === 'object' && value !== null && 'version' in value ? value.version : undefined;
  if (typeof version === 'number' && version !== 1) throw otherVersion(version, file);
  const result = Shape.safeParse(value);
  if (result.success) return result.data as Inventory;
  const evidence = result.error.issues.map(({ path, message }) => {
    const place = formatPath(path.filter((part) => typeof part !== 'symbol'));
    return place === '' ? message : `${place}: ${message}`;
  });
  throw new Fault({
    code: 'INVENTORY-INVALID',
    message: `${file} is not an inventory: ${evidence.length} of its values ${evidence.length === 1 ? 'is' : 'are'} not as they should be`,
    where: [file],
    evidence: evidence.slice(0, 10),
    remedy: remedy(file),
  });
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const message = `${file} is not JSON`;
    throw new Fault({
      code: 'INVENTORY-INVALID',
      message,
      cause: error,
      where: [place(text, file, error)],
      remedy: remedy(file),
    });
  }
}

/** The engine tells an offset or a line, or nothing where the text just ends. */
function place(text: string, file: string, error: unknown): string {
  const said = error instanceof Error ? /line (\d+) column (\d+)/.exec(error.message) : null;
  if (said !== null) return `${file}:${said[1]}:${said[2]}`;
  const lines = text.split('\n');
  return `${file}:${lines.length}:${(lines.at(-1)?.length ?? 0) + 1}`;
}

function otherVersion(version: number, file: string): Fault {
  const message = `${file} has version ${version} of the inventory's shape, and this release reads version 1`;
  return new Fault({ code: 'INVENTORY-INVALID', message, where: [file], remedy: remedy(file) });
}
