import type { Step } from "../step.ts";

export const resume: Step = {
  name: "resume",
  title: "Nothing is lost",
  text: "Connections break. A watch knows the revision up to which it has seen everything, so the client comes back and asks for what came after. You see each change once, in order, as if nothing had happened.",
  code: `// Nothing to add: a watch resumes by itself.
for await (const event of etcd.watch("news")) {
  console.log(event.kv.modRevision);
}`,
  learned:
    "After a break there is no gap and nothing comes twice. Only a change that etcd has forgotten cannot be caught up on: that is the last step.",
  async begin(stage) {
    const { etcd, memory } = stage;
    const other = stage.client();
    let heard = 0;
    return [
      {
        label: "Watch the news",
        async run() {
          stage.did('for await (const event of etcd.watch("news")) …');
          const news = etcd.watch("news", { signal: stage.signal });
          await news.opened;
          stage.follow(news, (event) => {
            heard += 1;
            stage.heard(
              `The watch: "${event.type === "put" ? event.kv.text() : ""}" at revision ${event.kv.modRevision}.`,
            );
          });
          await other.put("news", "all is well");
          await stage.until(async () => heard === 1);
        },
      },
      {
        label: "Cut the connection, and write three times",
        async run() {
          const stop = etcd.connection.subscribe(() => stage.now(`The connection: ${etcd.connection.state.state}.`));
          memory.faults.cutStreams();
          stage.saw("The connection is cut. Somebody else goes on writing meanwhile.");
          for (const text of ["it rains", "it pours", "the sun is out"]) await other.put("news", text);
          await stage.until(async () => heard === 4);
          stop();
          stage.now("");
          stage.saw("All three have arrived, in order.");
        },
      },
    ];
  },
};
