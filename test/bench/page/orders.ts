/** What a page is to do. */
export interface Order {
  readonly name: string;
  readonly args: object;
}

/** What it says while it does. */
export type PageMessage = { readonly ready: true } | { readonly result: unknown } | { readonly error: string };
