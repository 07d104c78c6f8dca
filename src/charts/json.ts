/** What can cross the wire to a chart renderer: no functions, no undefined, no dates. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

export type JsonObject = { readonly [key: string]: Json };
