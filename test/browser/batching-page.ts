import { batching, createEtcd } from "../../src/index.ts";

/** Milliseconds: the best of some rounds, since what else the machine does only adds to them. */
export interface Figures {
  /** 200 reads at once: singly, and with batching(). */
  readonly single: number;
  readonly batched: number;
}

declare global {
  /** Measures in this page. */
  var measureReads: (endpoint: string) => Promise<Figures>;
}

globalThis.measureReads = async (endpoint) => {
  const plain = createEtcd({ endpoints: endpoint });
  const batched = createEtcd({ endpoints: endpoint, plugins: [batching()] });
  const names = Array.from({ length: 200 }, (_, i) => `key-${i}`);
  await Promise.all(names.map((name) => plain.put(name, name)));
  const figures = await inRounds({
    single: () => Promise.all(names.map((name) => plain.get(name))),
    batched: () => Promise.all(names.map((name) => batched.get(name))),
  });
  await plain.close();
  await batched.close();
  return figures;
};

const rounds = 15;

/** All of them each round, each round beginning with another one; the first rounds warm up. */
async function inRounds<Name extends string>(
  runs: Record<Name, () => Promise<unknown>>,
): Promise<Record<Name, number>> {
  const names = Object.keys(runs) as Name[];
  const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = 0; round < rounds; round++) {
    const first = round % names.length;
    for (const name of [...names.slice(first), ...names.slice(0, first)]) {
      const begun = performance.now();
      await runs[name]();
      if (round >= 3) times[name].push(performance.now() - begun);
    }
  }
  return Object.fromEntries(names.map((name) => [name, Math.min(...times[name])])) as Record<Name, number>;
}
