/** What else a page could follow values with, or what it knows already. */
export interface Sdk {
  readonly name: string;
  /** The npm packages it takes, with their versions. */
  readonly packages: readonly string[];
  /** What the app does. */
  readonly does: string;
  /** Undefined where no page can have it. */
  readonly code: string | undefined;
}

/** Bundled as our own scenarios are; the calls of each are what its documentation shows first. */
export const sdks: readonly Sdk[] = [
  {
    name: "Vercel Edge Config",
    packages: ["@vercel/edge-config@1.5.1"],
    does: "reads a value",
    code: `import { createClient } from "@vercel/edge-config";
      console.log(await createClient("https://edge-config.vercel.com/a?token=b").get("a"));`,
  },
  {
    name: "Supabase, realtime alone",
    packages: ["@supabase/realtime-js@2.119.1"],
    does: "follows a table",
    code: `import { RealtimeClient } from "@supabase/realtime-js";
      const client = new RealtimeClient("wss://a", { params: { apikey: "a" } });
      client.channel("a").on("postgres_changes", { event: "*", schema: "public" }, console.log).subscribe();`,
  },
  {
    name: "Firestore lite",
    packages: ["firebase@12.19.0"],
    does: "reads a document",
    code: `import { initializeApp } from "firebase/app";
      import { doc, getDoc, getFirestore } from "firebase/firestore/lite";
      console.log(await getDoc(doc(getFirestore(initializeApp({ projectId: "a" })), "a/b")));`,
  },
  {
    name: "Firebase's Realtime Database",
    packages: ["firebase@12.19.0"],
    does: "reads and follows a value",
    code: `import { initializeApp } from "firebase/app";
      import { get, getDatabase, onValue, ref } from "firebase/database";
      const place = ref(getDatabase(initializeApp({ projectId: "a" })), "a");
      console.log(await get(place));
      onValue(place, console.log);`,
  },
  {
    name: "AWS DynamoDB",
    packages: ["@aws-sdk/client-dynamodb@3.1162.0"],
    does: "reads an item",
    code: `import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
      const command = new GetItemCommand({ TableName: "a", Key: { a: { S: "a" } } });
      console.log(await new DynamoDBClient({ region: "a" }).send(command));`,
  },
  {
    name: "Supabase",
    packages: ["@supabase/supabase-js@2.119.1"],
    does: "reads and follows a table",
    code: `import { createClient } from "@supabase/supabase-js";
      const client = createClient("https://a", "a");
      console.log(await client.from("a").select());
      client.channel("a").on("postgres_changes", { event: "*", schema: "public" }, console.log).subscribe();`,
  },
  {
    name: "NATS, its key-value store",
    packages: ["@nats-io/nats-core@3.4.0", "@nats-io/kv@3.4.0"],
    does: "reads and follows values",
    code: `import { wsconnect } from "@nats-io/nats-core";
      import { Kvm } from "@nats-io/kv";
      const kv = await new Kvm(await wsconnect({ servers: "wss://a" })).open("a");
      console.log(await kv.get("a"));
      for await (const entry of await kv.watch()) console.log(entry);`,
  },
  {
    name: "Firestore",
    packages: ["firebase@12.19.0"],
    does: "reads and follows a document",
    code: `import { initializeApp } from "firebase/app";
      import { doc, getDoc, getFirestore, onSnapshot } from "firebase/firestore";
      const place = doc(getFirestore(initializeApp({ projectId: "a" })), "a/b");
      console.log(await getDoc(place));
      onSnapshot(place, console.log);`,
  },
  {
    name: "microsoft/etcd3",
    packages: ["etcd3@1.1.2"],
    does: "cannot be bundled for a page: it is Node's",
    code: undefined,
  },
];
