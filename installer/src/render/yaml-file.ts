import { dump } from 'js-yaml';

const header = '# Written by Novasphere from the profile; changes made here are overwritten by the next run.\n';

/** A YAML file of plain data, with the line that tells people not to edit it. */
export function yamlFile(data: object): string {
  return `${header}${dump(data, { lineWidth: -1 })}`;
}
