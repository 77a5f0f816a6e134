import { type Diagnosis, diagnose } from "../../src/doctor/index.ts";

declare global {
  /** What this page finds out about a proxy. */
  var diagnoseHere: (url: string) => Promise<Diagnosis>;
}

globalThis.diagnoseHere = (url) => diagnose(url, { quietSeconds: 1 });
