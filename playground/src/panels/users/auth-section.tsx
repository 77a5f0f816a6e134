import { createAuth } from "etcd-web/admin";
import { useEtcd } from "etcd-web/react";
import { LockKeyhole, LockKeyholeOpen } from "lucide-react";
import { useState } from "react";
import { useReadOnly } from "../../connection/use-connection.ts";
import { Button } from "../../ui/button.tsx";
import { confirm } from "../../ui/confirm.tsx";
import { useTask } from "../../ui/use-task.ts";
import { accessCode } from "./access-code.ts";
import { EnableDialog } from "./enable-dialog.tsx";
import type { AccessProps } from "./users-panel.tsx";

/** Whether etcd asks who calls, and the switch. */
export function AuthSection({ report, onChange }: AccessProps) {
  const auth = createAuth(useEtcd());
  const readOnly = useReadOnly();
  const [enabling, setEnabling] = useState(false);
  const [isPending, run] = useTask();

  async function disable(): Promise<void> {
    const sure = await confirm({
      title: "Turn authentication off?",
      body: "Everybody who reaches etcd may do everything again. Users and roles stay.",
      action: "Turn it off",
      phrase: "disable",
      code: accessCode.disable(),
    });
    if (!sure) return;
    await run(async () => {
      await auth.disable();
      return "etcd no longer asks who calls.";
    });
    onChange();
  }

  return (
    <section className="access-state" aria-label="Authentication">
      <p>
        {report.enabled
          ? "Every call needs a user, and a role that allows it."
          : "Everybody who reaches etcd may do everything. Users and roles count once authentication is on."}
      </p>
      {report.enabled !== true && (
        <Button icon={LockKeyhole} onPress={() => setEnabling(true)} isDisabled={readOnly}>
          Turn authentication on…
        </Button>
      )}
      {report.enabled !== false && (
        <Button
          icon={LockKeyholeOpen}
          kind="danger"
          onPress={() => void disable()}
          isDisabled={readOnly}
          isPending={isPending}
        >
          Turn authentication off…
        </Button>
      )}
      {enabling && <EnableDialog report={report} onClose={() => setEnabling(false)} onChange={onChange} />}
    </section>
  );
}
