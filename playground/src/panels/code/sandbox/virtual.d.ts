/** The document that code runs in, as text; made by `sandbox-plugin.ts`. */
declare module "virtual:sandbox" {
  export const sandboxDocument: string;
}

/** The script of the Worker, as text; only within that document. */
declare module "virtual:worker-script" {
  export const workerScript: string;
}
