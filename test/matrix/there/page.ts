import { obeyAll } from "./obey.ts";

await obeyAll(location.origin);
