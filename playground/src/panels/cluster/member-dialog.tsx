import { createCluster, type Member } from "etcd-web/admin";
import { useEtcd } from "etcd-web/react";
import { useState } from "react";
import { type Failure, toFailure } from "../../text/failure.ts";
import { formatId } from "../../text/format.ts";
import { Button } from "../../ui/button.tsx";
import { CodeBlock } from "../../ui/code-block.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { TextField } from "../../ui/field.tsx";
import { FailureNote, Note } from "../../ui/notes.tsx";
import { Switch } from "../../ui/toggles.tsx";
import { clusterCode } from "./cluster-code.ts";
import { memberTitle } from "./read-cluster.ts";

/** Adds a member, and says how to start it; or changes where the others reach one. */
export function MemberDialog({
  member,
  onClose,
}: {
  readonly member: Member | undefined;
  readonly onClose: () => void;
}) {
  const cluster = createCluster(useEtcd());
  const [urls, setUrls] = useState(member?.peerUrls.join(", ") ?? "");
  const [learner, setLearner] = useState(true);
  const [failure, setFailure] = useState<Failure>();
  const [isPending, setPending] = useState(false);
  const [added, setAdded] = useState<readonly Member[]>();

  const list = urls.split(/[\s,]+/).filter((url) => url !== "");
  const code = clusterCode([]);

  async function submit(): Promise<void> {
    setPending(true);
    setFailure(undefined);
    try {
      if (member !== undefined) {
        await cluster.updateMember(member, list);
        onClose();
      } else {
        setAdded((await (learner ? cluster.addLearner(list) : cluster.addMember(list))).members);
      }
    } catch (error) {
      setFailure(toFailure(error));
    } finally {
      setPending(false);
    }
  }

  if (added !== undefined) return <StartDialog members={added} onClose={onClose} />;
  return (
    <Dialog
      title={member === undefined ? "Add a member" : `URLs of ${memberTitle(member)}`}
      isOpen
      onClose={onClose}
      code={list.length === 0 ? undefined : member === undefined ? code.add(list, learner) : code.update(member, list)}
      onSubmit={() => void submit()}
      footer={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" isPending={isPending}>
            {member === undefined ? "Add" : "Change"}
          </Button>
        </>
      }
    >
      <TextField
        label="Peer URLs"
        value={urls}
        onChange={setUrls}
        placeholder="http://10.0.0.4:2380"
        hint="Where the other members reach it; several with commas between."
        mono
        autoFocus
      />
      {member === undefined && (
        <>
          <Switch isSelected={learner} onChange={setLearner}>
            As a learner
          </Switch>
          {learner ? (
            <p className="muted">It receives everything and has no vote until you give it one.</p>
          ) : (
            <Note tone="wait">
              It counts for the quorum at once, though it has not started: a cluster of one stands still until it has.
            </Note>
          )}
        </>
      )}
      {failure && <FailureNote failure={failure} />}
    </Dialog>
  );
}

/** What etcd does not do: start it. */
function StartDialog({ members, onClose }: { readonly members: readonly Member[]; readonly onClose: () => void }) {
  const initial = members.flatMap(({ name, peerUrls }) => peerUrls.map((url) => `${name || "NAME"}=${url}`)).join(",");
  const [fresh] = members.filter(({ name }) => name === "");
  const lines = [
    "etcd --name NAME \\",
    "  --initial-cluster-state existing \\",
    `  --initial-cluster '${initial}' \\`,
    `  --initial-advertise-peer-urls ${fresh?.peerUrls.join(",") ?? "URL"} \\`,
    `  --listen-peer-urls ${fresh?.peerUrls.join(",") ?? "URL"}`,
  ];
  return (
    <Dialog
      title="The cluster expects it"
      isOpen
      onClose={onClose}
      size="large"
      footer={
        <Button kind="primary" onPress={onClose}>
          Done
        </Button>
      }
    >
      <p>
        {fresh && <span className="mono">{formatId(fresh.id)}</span>} is a member from now on. Start it, with a name in
        place of NAME and an empty data directory:
      </p>
      <CodeBlock code={lines.join("\n")} label="How to start it" />
    </Dialog>
  );
}
