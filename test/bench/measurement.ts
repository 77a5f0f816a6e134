import type { Place } from "./contenders/contender.ts";
import type { ContenderName } from "./contenders/contenders.ts";
import type { Table } from "./table.ts";

/** What a measurement may use. */
export interface Setting {
  /** An etcd and an Envoy that nobody else uses. */
  readonly place: Place;
  readonly rounds: number;
  /** Of what is not done in rounds, but watched for a time. */
  readonly minutes: number;
  /** Says what is being done. */
  progress(text: string): void;
}

/** Something worth comparing. */
export interface Measurement {
  readonly name: string;
  measure(setting: Setting): Promise<Table>;
}

/** Every contender once a round, each round beginning with another one. */
export async function inRounds<Name extends string = ContenderName>(
  { rounds, progress }: Pick<Setting, "rounds" | "progress">,
  contenders: readonly Name[],
  run: (contender: Name, round: number) => Promise<void>,
): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    const first = round % contenders.length;
    for (const contender of [...contenders.slice(first), ...contenders.slice(0, first)]) {
      progress(`round ${round + 1} of ${rounds}: ${contender}`);
      await run(contender, round);
    }
  }
}
