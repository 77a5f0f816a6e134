import { parseArgs } from "node:util";
import { etcdVersions } from "../fixtures/versions.ts";
import { keepEvidence } from "./evidence.ts";
import { formatResult, formatSum } from "./figures.ts";
import type { ProxyKind } from "./proxy.ts";
import { newSeed } from "./random.ts";
import { runRound } from "./round.ts";
import type { RoundOptions, RoundResult } from "./round-result.ts";

const { values } = parseArgs({
  options: {
    etcd: { type: "string", default: "3.7" },
    proxy: { type: "string", default: "Envoy" },
    seed: { type: "string", default: newSeed() },
    faults: { type: "string", default: "10" },
    rounds: { type: "string", default: "1" },
    steady: { type: "string", default: "20" },
    passing: { type: "string", default: "8" },
    clients: { type: "string", default: "3" },
    writers: { type: "string", default: "4" },
    pause: { type: "string", default: "12" },
  },
});

process.exitCode = (await main()) ? 0 : 1;

/** Round after round for each version, as `--etcd 3.5,3.7` names them. A round is repeated by its own seed. */
async function main(): Promise<boolean> {
  const results: RoundResult[] = [];
  for (const version of etcdVersions.filter((known) => values.etcd.split(",").includes(known))) {
    for (let round = 1; round <= Number(values.rounds); round++) {
      const seed = round === 1 ? values.seed : `${values.seed}-${round}`;
      const result = await runRound(optionsOf(version, seed));
      console.log(`${formatResult(result)}\n`);
      if (result.violations.length > 0) console.log(`  evidence: ${await keepEvidence(result)}\n`);
      results.push({ ...result, evidence: [] }); // they would add up
    }
  }
  console.log(formatSum(results));
  return results.length > 0 && results.every(({ violations }) => violations.length === 0);
}

function proxyOf(given: string): ProxyKind {
  if (given === "Envoy" || given === "gateway") return given;
  throw new Error(`--proxy is Envoy or gateway, not ${given}`);
}

function optionsOf(version: RoundOptions["version"], seed: string): RoundOptions {
  const { faults, steady, passing, clients, writers, pause } = values;
  return {
    ...{
      version,
      proxy: proxyOf(values.proxy),
      seed,
      faults: Number(faults),
      steady: Number(steady),
      passing: Number(passing),
    },
    ...{ clients: Number(clients), writers: Number(writers), pauseMs: Number(pause) },
    progress: (line) => console.log(`etcd ${version}, seed ${seed}: ${line}`),
  };
}
