/** The URL of the document that code runs in; made by `sandbox-plugin.ts`. */
declare module "virtual:sandbox" {
  export const sandboxUrl: string;
}

/** The script of the Worker, as text; only within that document. */
declare module "virtual:worker-script" {
  export const workerScript: string;
}
