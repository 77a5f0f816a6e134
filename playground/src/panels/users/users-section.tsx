import { createAuth } from "etcd-web/admin";
import { useEtcd } from "etcd-web/react";
import { KeyRound, Plus, Trash2, UserRound } from "lucide-react";
import { useState } from "react";
import { useReadOnly } from "../../connection/use-connection.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { confirm } from "../../ui/confirm.tsx";
import { Menu } from "../../ui/menu.tsx";
import { EmptyState } from "../../ui/notes.tsx";
import { Section } from "../../ui/panel-page.tsx";
import { accessCode } from "./access-code.ts";
import { Chip } from "./chip.tsx";
import type { AccessReport, UserReport } from "./read-access.ts";
import { useChange } from "./use-change.ts";
import { UserDialog } from "./user-dialog.tsx";
import type { AccessProps } from "./users-panel.tsx";

/** Who may sign in, and what roles each has. */
export function UsersSection({ report, onChange }: AccessProps) {
  const readOnly = useReadOnly();
  const [shown, setShown] = useState<{ readonly user: string | undefined }>();
  return (
    <Section
      title="Users"
      tools={
        <Button icon={Plus} onPress={() => setShown({ user: undefined })} isDisabled={readOnly}>
          New user…
        </Button>
      }
    >
      {report.users.length === 0 && (
        <EmptyState icon={UserRound} title="No users yet">
          A user signs in with a password and may do what its roles allow.
        </EmptyState>
      )}
      <ul className="access-cards" aria-label="Users">
        {report.users.map((user) => (
          <UserCard
            key={user.name}
            user={user}
            report={report}
            onChange={onChange}
            onPassword={() => setShown({ user: user.name })}
          />
        ))}
      </ul>
      {shown && (
        <UserDialog
          user={shown.user}
          roles={report.roles.map(({ name }) => name)}
          onClose={() => setShown(undefined)}
          onChange={onChange}
        />
      )}
    </Section>
  );
}

interface CardProps {
  readonly user: UserReport;
  readonly report: AccessReport;
  readonly onChange: () => void;
  readonly onPassword: () => void;
}

function UserCard({ user: { name, roles }, report, onChange, onPassword }: CardProps) {
  const { users } = createAuth(useEtcd());
  const readOnly = useReadOnly();
  const change = useChange(onChange);
  const others = report.roles.filter((role) => !roles.includes(role.name));

  async function remove(): Promise<void> {
    const sure = await confirm({
      title: `Delete the user ${name}?`,
      body: "Whoever is signed in as this user is refused from then on.",
      action: `Delete ${name}`,
      phrase: name,
      code: accessCode.deleteUser(name),
    });
    if (sure) change(`The user ${name} is gone.`, () => users.delete(name));
  }

  return (
    <li className="access-card" aria-label={`User ${name}`}>
      <header>
        <h3>{name}</h3>
        <IconButton
          icon={KeyRound}
          label={`Change the password of ${name}`}
          onPress={onPassword}
          isDisabled={readOnly}
        />
        <IconButton
          icon={Trash2}
          label={`Delete the user ${name}`}
          onPress={() => void remove()}
          isDisabled={readOnly}
        />
      </header>
      <div className="access-chips">
        {roles.map((role) => (
          <Chip
            key={role}
            remove={`Take the role ${role} from ${name}`}
            onRemove={() => {
              const said = `${name} no longer has the role ${role}.`;
              change(said, () => users.revokeRole(name, role), accessCode.revokeRole(name, role));
            }}
            isDisabled={readOnly}
          >
            {role}
          </Chip>
        ))}
        <Menu
          label={`Roles for ${name}`}
          trigger={
            <Button kind="quiet" icon={Plus} isDisabled={readOnly || others.length === 0}>
              Role
            </Button>
          }
          actions={others.map((role) => ({
            id: role.name,
            label: role.name,
            run: () => {
              const said = `${name} has the role ${role.name}.`;
              change(said, () => users.grantRole(name, role.name), accessCode.grantRole(name, role.name));
            },
          }))}
        />
      </div>
    </li>
  );
}
