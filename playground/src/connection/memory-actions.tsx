import { Boxes, RotateCcw, Sprout } from "lucide-react";
import { useMemo } from "react";
import { type Action, useActions } from "../app/actions.ts";
import { toFailure } from "../text/failure.ts";
import { confirm } from "../ui/confirm.tsx";
import { toast, toastFailure } from "../ui/toast.tsx";
import type { OpenConnection } from "./store.ts";

/** Fills the etcd with what one can try things on. */
export async function loadSampleInto({ etcd }: OpenConnection): Promise<void> {
  await tell("The sample is there", async () => (await import("./sample.ts")).loadSample(etcd));
}

/** Offers, in the palette, what only an etcd in this page can bear. */
export function MemoryActions({ connection }: { readonly connection: OpenConnection }) {
  const actions = useMemo(() => actionsOf(connection), [connection]);
  useActions(actions);
  return null;
}

function actionsOf(connection: OpenConnection): readonly Action[] {
  const { etcd, memory, target } = connection;
  if (memory === undefined || target.readOnly) return [];
  const group = "The etcd in this page";
  return [
    { id: "sample", title: "Load a sample", group, icon: Sprout, run: () => void loadSampleInto(connection) },
    {
      id: "many",
      title: "Load 100,000 keys",
      group,
      icon: Boxes,
      run: () => void tell("100,000 keys are there", async () => (await import("./sample.ts")).loadMany(etcd)),
    },
    {
      id: "reset",
      title: "Reset: forget everything",
      group,
      icon: RotateCcw,
      run: () => void askAndReset(memory.name, async () => memory.reset()),
    },
  ];
}

/** Empties an etcd in this page after a question. */
export async function askAndReset(name: string, reset: () => Promise<void>): Promise<void> {
  const yes = await confirm({
    title: `Reset ${name}?`,
    body: <p>Its keys, leases, users and all of its history are gone then, in every window of this page.</p>,
    action: "Reset it",
  });
  if (yes) await tell(`${name} begins anew`, reset);
}

async function tell(done: string, run: () => Promise<void>): Promise<void> {
  try {
    await run();
    toast({ tone: "good", text: done });
  } catch (error) {
    toastFailure(toFailure(error));
  }
}
