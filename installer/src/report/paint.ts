/** Colours for a terminal, or none: what is coloured must read the same without. */
export interface Paint {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  blue(text: string): string;
}

/** `paint(false)` leaves every text as it is. */
export function paint(colours: boolean): Paint {
  const between = (open: number, close: number) => (text: string) =>
    colours && text !== '' ? `\u001B[${open}m${text}\u001B[${close}m` : text;
  return {
    bold: between(1, 22),
    dim: between(2, 22),
    red: between(31, 39),
    green: between(32, 39),
    yellow: between(33, 39),
    blue: between(34, 39),
  };
}
