import { createAuth, type Permission } from "etcd-web/admin";
import { useEtcd } from "etcd-web/react";
import { Plus, ShieldCheck, Trash2, X } from "lucide-react";
import { useState } from "react";
import { useReadOnly } from "../../connection/use-connection.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { confirm } from "../../ui/confirm.tsx";
import { Badge, EmptyState } from "../../ui/notes.tsx";
import { Section } from "../../ui/panel-page.tsx";
import { accessCode } from "./access-code.ts";
import { PermissionDialog } from "./permission-dialog.tsx";
import { rangeText } from "./range-text.ts";
import { type RoleReport, root } from "./read-access.ts";
import { RoleDialog } from "./role-dialog.tsx";
import { useChange } from "./use-change.ts";
import type { AccessProps } from "./users-panel.tsx";

/** What can be allowed, by name. */
export function RolesSection({ report, onChange }: AccessProps) {
  const readOnly = useReadOnly();
  const [creating, setCreating] = useState(false);
  const [granting, setGranting] = useState<string>();
  return (
    <Section
      title="Roles"
      tools={
        <Button icon={Plus} onPress={() => setCreating(true)} isDisabled={readOnly}>
          New role…
        </Button>
      }
    >
      {report.roles.length === 0 && (
        <EmptyState icon={ShieldCheck} title="No roles yet">
          A role may read or write some keys. Users have roles.
        </EmptyState>
      )}
      <ul className="access-cards" aria-label="Roles">
        {report.roles.map((role) => (
          <RoleCard key={role.name} role={role} onChange={onChange} onGrant={() => setGranting(role.name)} />
        ))}
      </ul>
      {creating && <RoleDialog onClose={() => setCreating(false)} onChange={onChange} />}
      {granting !== undefined && (
        <PermissionDialog role={granting} onClose={() => setGranting(undefined)} onChange={onChange} />
      )}
    </Section>
  );
}

interface CardProps {
  readonly role: RoleReport;
  readonly onChange: () => void;
  readonly onGrant: () => void;
}

function RoleCard({ role: { name, permissions }, onChange, onGrant }: CardProps) {
  const { roles } = createAuth(useEtcd());
  const readOnly = useReadOnly();
  const change = useChange(onChange);

  async function remove(): Promise<void> {
    const sure = await confirm({
      title: `Delete the role ${name}?`,
      body: "Users who have it lose it, and what it allowed.",
      action: `Delete ${name}`,
      phrase: name,
      code: accessCode.deleteRole(name),
    });
    if (sure) change(`The role ${name} is gone.`, () => roles.delete(name));
  }

  return (
    <li className="access-card" aria-label={`Role ${name}`}>
      <header>
        <h3>{name}</h3>
        <IconButton
          icon={Trash2}
          label={`Delete the role ${name}`}
          onPress={() => void remove()}
          isDisabled={readOnly}
        />
      </header>
      {name === root ? (
        <p className="muted">May do everything, this page included.</p>
      ) : (
        <>
          <ul className="access-permissions" aria-label={`Permissions of ${name}`}>
            {permissions.map((permission) => (
              <li key={`${permission.access} ${rangeText(permission.range)}`}>
                <PermissionText permission={permission} />
                <IconButton
                  icon={X}
                  label={`Take from ${name}: ${rangeText(permission.range)}`}
                  onPress={() => {
                    const { range } = permission;
                    const code = accessCode.revokePermission(name, range);
                    change(`Taken from ${name}.`, () => roles.revokePermission(name, range), code);
                  }}
                  isDisabled={readOnly}
                />
              </li>
            ))}
          </ul>
          <Button kind="quiet" icon={Plus} onPress={onGrant} isDisabled={readOnly}>
            Permission…
          </Button>
        </>
      )}
    </li>
  );
}

const accessWords = { read: "read", write: "write", readwrite: "read and write" } as const;

function PermissionText({ permission: { access, range } }: { readonly permission: Permission }) {
  return (
    <span>
      <Badge tone={access === "read" ? "note" : "wait"}>{accessWords[access]}</Badge>{" "}
      <span className="mono">{rangeText(range)}</span>
    </span>
  );
}
