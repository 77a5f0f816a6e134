import { Moon, Plug, Sun } from "lucide-react";
import { Autocomplete, useFilter } from "react-aria-components/Autocomplete";
import { Dialog } from "react-aria-components/Dialog";
import { Header } from "react-aria-components/Header";
import { Input } from "react-aria-components/Input";
import { Menu, MenuItem, MenuSection } from "react-aria-components/Menu";
import { Modal, ModalOverlay } from "react-aria-components/Modal";
import { SearchField } from "react-aria-components/SearchField";
import { openConnections } from "../connection/connections-host.tsx";
import { panels } from "../panels/registry.ts";
import { openPanel } from "../route/router.ts";
import { Kbd } from "../ui/kbd.tsx";
import { type Action, useOfferedActions } from "./actions.ts";
import { setTheme } from "./theme.ts";
import "../ui/dialog.css";
import "../ui/select.css";
import "./palette.css";

const everywhere: readonly Action[] = [
  ...panels.map(
    ({ name, title, summary, icon, shortcut }): Action => ({
      id: `panel ${name}`,
      title: `${title} — ${summary}`,
      group: "Go to",
      icon,
      ...(shortcut !== undefined && { shortcut: `G ${shortcut.toUpperCase()}` }),
      run: () => openPanel(name),
    }),
  ),
  { id: "connections", title: "Change the connection", group: "Connection", icon: Plug, run: openConnections },
  { id: "light", title: "Light colours", group: "Appearance", icon: Sun, run: () => setTheme("light") },
  { id: "dark", title: "Dark colours", group: "Appearance", icon: Moon, run: () => setTheme("dark") },
];

/** Everything that can be gone to or done, by typing. What the open panel offers comes first. */
export function Palette({ onClose }: { readonly onClose: () => void }) {
  const { contains } = useFilter({ sensitivity: "base" });
  const offered = useOfferedActions();
  const actions = [...offered, ...everywhere];
  const groups = [...new Set(actions.map(({ group }) => group))];
  return (
    <ModalOverlay className="overlay" isOpen isDismissable onOpenChange={onClose}>
      <Modal className="dialog palette">
        <Dialog className="dialog-inside" aria-label="Go to or do">
          <Autocomplete filter={contains}>
            <SearchField className="palette-search" aria-label="Search" autoFocus>
              <Input className="palette-input" placeholder="Go to or do…" />
            </SearchField>
            <Menu
              className="menu palette-list"
              aria-label="Panels and actions"
              renderEmptyState={() => <p className="palette-none muted">Nothing is called so.</p>}
              onAction={(id) => {
                onClose();
                actions.find((action) => action.id === id)?.run();
              }}
            >
              {groups.map((group) => (
                <MenuSection key={group} className="menu-section">
                  <Header>{group}</Header>
                  {actions
                    .filter((action) => action.group === group)
                    .map(({ id, title, icon: Icon, shortcut }) => (
                      <MenuItem key={id} id={id} className="menu-item" textValue={title}>
                        <Icon aria-hidden="true" />
                        {title}
                        {shortcut && <Kbd keys={shortcut} />}
                      </MenuItem>
                    ))}
                </MenuSection>
              ))}
            </Menu>
          </Autocomplete>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
