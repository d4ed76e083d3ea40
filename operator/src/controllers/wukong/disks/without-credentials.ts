/** A text whose addresses have neither user nor password nor query: a query may be a signature that opens the door. */
export function withoutCredentials(text: string): string {
  return text
    .replaceAll(/([a-z][a-z0-9+.-]*:\/\/)[^/\s"'@]*@/gi, '$1')
    .replaceAll(/([a-z][a-z0-9+.-]*:\/\/[^\s"'?]*)\?[^\s"']*/gi, '$1');
}
