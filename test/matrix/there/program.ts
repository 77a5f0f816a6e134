import process from "node:process";
import { obeyAll } from "./obey.ts";

await obeyAll(process.argv[2] ?? "");
