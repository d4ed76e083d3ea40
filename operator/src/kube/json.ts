/**
 * A JSON value of any shape, read with plain property access.
 * The one `any` of the code base (docs/decisions/0004): objects of forty kinds pass here, and their
 * readers check what they read. Never use it for anything but values that came from YAML or an API server.
 */
// oxlint-disable-next-line typescript/no-explicit-any
export type Json = any;
