import type { Range } from "etcd-web";
import type { Access } from "etcd-web/admin";
import { bytesLiteral } from "../../text/key-text.ts";
import type { RangeForm } from "./range-text.ts";
import { toRange } from "./range-text.ts";
import { root } from "./read-access.ts";

const secret = `const password = "…"; // The page copies no passwords: write it here.\n`;

/** What the panel does, in TypeScript; names and keys are quoted, passwords left out. */
export const accessCode = {
  addUser: (name: string, hasPassword: boolean, roles: readonly string[]): string =>
    auth(
      [
        `users.add(${quote(name)}${hasPassword ? ", { password }" : ""})`,
        ...roles.map((role) => `users.grantRole(${quote(name)}, ${quote(role)})`),
      ],
      hasPassword,
    ),
  changePassword: (name: string): string => auth([`users.changePassword(${quote(name)}, password)`], true),
  deleteUser: (name: string): string => auth([`users.delete(${quote(name)})`]),
  grantRole: (user: string, role: string): string => auth([`users.grantRole(${quote(user)}, ${quote(role)})`]),
  revokeRole: (user: string, role: string): string => auth([`users.revokeRole(${quote(user)}, ${quote(role)})`]),
  addRole: (name: string): string => auth([`roles.add(${quote(name)})`]),
  deleteRole: (name: string): string => auth([`roles.delete(${quote(name)})`]),
  /** Undefined while the keys cannot be read. */
  grantPermission(role: string, form: RangeForm, first: string, end: string, access: Access): string | undefined {
    try {
      const range = rangeCode(toRange(form, first, end));
      return auth([`roles.grantPermission(${quote(role)}, ${range}, "${access}")`]);
    } catch {
      return undefined;
    }
  },
  revokePermission: (role: string, range: Range): string =>
    auth([`roles.revokePermission(${quote(role)}, ${rangeCode(range)})`]),
  enable: (missing: { readonly user: boolean; readonly role: boolean; readonly grant: boolean }): string =>
    auth(
      [
        ...(missing.user ? [`users.add("${root}", { password })`] : []),
        ...(missing.role ? [`roles.add("${root}")`] : []),
        ...(missing.grant ? [`users.grantRole("${root}", "${root}")`] : []),
        "enable()",
      ],
      missing.user,
    ),
  disable: (): string => auth(["disable()"]),
} as const;

function auth(calls: readonly string[], needsPassword = false): string {
  return `import { createAuth } from "etcd-web/admin";

${needsPassword ? secret : ""}const auth = createAuth(etcd);
${calls.map((call) => `await auth.${call};\n`).join("")}`;
}

function rangeCode(range: Range): string {
  if (typeof range === "string") return quote(range);
  if (range instanceof Uint8Array) return bytesLiteral(range);
  const parts = Object.entries(range).map(([name, part]: [string, unknown]) => `${name}: ${partCode(part)}`);
  return `{ ${parts.join(", ")} }`;
}

function partCode(part: unknown): string {
  return part instanceof Uint8Array ? bytesLiteral(part) : JSON.stringify(part);
}

function quote(name: string): string {
  return JSON.stringify(name);
}
