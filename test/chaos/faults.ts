import { setTimeout as sleep } from "node:timers/promises";
import type { ClusterMember } from "../fixtures/cluster-member.ts";
import { eventually } from "../fixtures/eventually.ts";
import type { Device } from "./device.ts";
import { type Ground, tokenLifeMs } from "./ground.ts";
import type { Random } from "./random.ts";
import type { WriteLog } from "./writes.ts";

/** What a fault works on. */
export interface Scene {
  readonly ground: Ground;
  readonly log: WriteLog;
  readonly random: Random;
}

/** Every fault there is; each breaks something, lets it be broken for a while, and mends it. */
export const faults = {
  "kill a follower": async (scene) => killForAWhile(scene, await aFollower(scene)),
  "kill the leader": async (scene) => killForAWhile(scene, await scene.ground.cluster.leader()),
  "kill all members": killAll,
  "pause a follower": async (scene) => pauseForAWhile(scene, [await aFollower(scene)]),
  "pause the leader": async (scene) => pauseForAWhile(scene, [await scene.ground.cluster.leader()]),
  "pause a majority": (scene) => pauseForAWhile(scene, scene.random.shuffle(scene.ground.cluster.members).slice(1)),
  "move the leader": async ({ ground }) => void (await ground.cluster.moveLeader()),
  "restart the proxy": ({ ground }) => ground.restartProxy(),
  "drop the connections": dropConnections,
  "cut the links": cutLinks,
  "hold the links": holdLinks,
  "compact behind a watch": compactBehindAWatch,
  "let the tokens expire": letTokensExpire,
  "put clients to sleep": putToSleep,
} as const satisfies Readonly<Record<string, (scene: Scene) => Promise<void>>>;

/** The name of a fault. */
export type FaultKind = keyof typeof faults;

/** The kinds of so many faults: in an order of the seed's, and each as often as the others. */
export function planFaults(random: Random, count: number): FaultKind[] {
  const kinds = Object.keys(faults) as FaultKind[];
  const plan: FaultKind[] = [];
  while (plan.length < count) plan.push(...random.shuffle(kinds));
  return plan.slice(0, count);
}

async function aFollower({ ground, random }: Scene): Promise<ClusterMember> {
  const leader = await ground.cluster.leader();
  return random.pick(ground.cluster.members.filter((member) => member !== leader));
}

async function killForAWhile({ random }: Scene, member: ClusterMember): Promise<void> {
  await member.kill();
  await sleep(random.between(0, 2_000));
  await member.restart();
}

async function killAll({ ground, random }: Scene): Promise<void> {
  await Promise.all(ground.cluster.members.map((member) => member.kill()));
  await sleep(random.between(0, 500));
  await Promise.all(ground.cluster.members.map((member) => member.restart()));
}

// Beyond three election time-outs members that are left alone end the watches that asked for a leader, and beyond three
// bookmarks that did not come a watch takes its link for dead.
async function pauseForAWhile({ random }: Scene, members: readonly ClusterMember[]): Promise<void> {
  for (const member of members) member.pause();
  await sleep(random.between(100, 5_000));
  for (const member of members) member.continue();
}

async function dropConnections({ ground, random }: Scene): Promise<void> {
  for (let times = random.between(1, 4); times > 0; times--) {
    for (const path of ground.paths) if (random.chance(0.7)) path.drop();
    await sleep(random.between(0, 300));
  }
}

async function cutLinks({ ground, random }: Scene): Promise<void> {
  const paths = someDevices({ ground, random }).map(({ path }) => path);
  await Promise.all(paths.map((path) => path.cut()));
  await sleep(random.between(50, 1_500));
  await Promise.all(paths.map((path) => path.mend()));
}

// What was held comes late, or never, if the connection is then dropped.
async function holdLinks({ ground, random }: Scene): Promise<void> {
  const paths = someDevices({ ground, random }).map(({ path }) => path);
  for (const path of paths) path.hold();
  await sleep(random.between(100, 5_000));
  for (const path of paths) {
    if (random.chance(0.5)) path.drop();
    path.letGo();
  }
}

// Events pile up on the way while nobody uses the token that brought the watch there: the members forget it once a
// second, and the client has to sign in before it can go on.
async function letTokensExpire({ ground, random }: Scene): Promise<void> {
  const devices = someDevices({ ground, random });
  for (const { path } of devices) path.hold();
  await sleep(tokenLifeMs + random.between(1_500, 2_500));
  const before = devices.map(({ signIns }) => signIns);
  for (const { path } of devices) {
    path.drop();
    path.letGo();
  }
  await eventually("clients whose token has expired sign in", async () => {
    return devices.every(({ signIns }, i) => signIns > (before[i] ?? 0)) || undefined;
  });
}

// The network may be back later than the rest, with the connections of before or without.
async function putToSleep({ ground, random }: Scene): Promise<void> {
  const devices = someDevices({ ground, random });
  for (const device of devices) device.sleep();
  await sleep(random.between(100, 8_000));
  await Promise.all(devices.map((device, i) => wake(device, random.fork(`${i}`))));
}

async function wake(device: Device, random: Random): Promise<void> {
  device.wake(random.chance(0.5));
  if (random.chance(0.5)) await sleep(random.between(0, 2_000));
  if (random.chance(0.5)) device.path.drop();
  device.connect();
}

function someDevices({ ground, random }: Pick<Scene, "ground" | "random">): Device[] {
  return random.shuffle(ground.devices).slice(0, random.between(1, ground.devices.length));
}

/** The watches of one client miss some revisions, of which the older ones are then compacted. */
async function compactBehindAWatch({ ground, log, random }: Scene): Promise<void> {
  const path = random.pick(ground.paths);
  await path.cut();
  const before = log.newest;
  await log.when(() => log.newest >= before + 30n);
  await ground.compact(before + BigInt(random.between(-20, 25)));
  await path.mend();
}
