import { createClient } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-web";
import { KV } from "../../../src/proto.ts";
import { bytes, type Provoke, type Stubs } from "./scene.ts";

const root = { name: "root", password: "secret" };
const reader = { name: "reader", password: "public" };
const perm = { permType: 0, key: bytes("a"), rangeEnd: bytes("b") } as const;

/** What an etcd says of users and roles before they count; in this order. */
export const ofUsers: Readonly<Record<string, Provoke>> = {
  ErrRootUserNotExist: ({ auth }) => auth.authEnable({}),
  ErrUserEmpty: ({ auth }) => auth.userAdd({}),
  async ErrUserAlreadyExist({ auth }) {
    await auth.userAdd(root);
    return await auth.userAdd(root);
  },
  ErrRootRoleNotExist: ({ auth }) => auth.authEnable({}),
  ErrUserNotFound: ({ auth }) => auth.userGet({ name: "nobody" }),
  ErrRoleEmpty: ({ auth }) => auth.roleAdd({}),
  async ErrRoleAlreadyExist({ auth }) {
    await auth.roleAdd({ name: "root" });
    return await auth.roleAdd({ name: "root" });
  },
  ErrRoleNotFound: ({ auth }) => auth.roleGet({ role: "none" }),
  ErrRoleNotGranted: ({ auth }) => auth.userRevokeRole({ name: "root", role: "root" }),
  ErrPermissionNotGiven: ({ auth }) => auth.roleGrantPermission({ name: "root" }),
  ErrPermissionNotGranted: ({ auth }) => auth.roleRevokePermission({ role: "root", key: bytes("z") }),
};

/** What it says when they do. `etcd` is its URL. */
export function ofAuth(etcd: string): Readonly<Record<string, Provoke>> {
  return {
    async ErrAuthFailed({ auth }) {
      await auth.userAdd(reader);
      await auth.roleAdd({ name: "reader" });
      await auth.roleGrantPermission({ name: "reader", perm });
      await auth.userGrantRole({ user: "reader", role: "reader" });
      await auth.userGrantRole({ user: "root", role: "root" });
      await auth.authEnable({});
      return await auth.authenticate({ ...root, password: "wrong" });
    },
    ErrInvalidAuthToken: ({ kv }) => kv.range({ key: bytes("a") }, { headers: { token: "nonsense" } }),
    async ErrPermissionDenied(stubs) {
      return await stubs.kv.range({ key: bytes("other") }, await signedIn(stubs, reader));
    },
    async ErrInvalidAuthMgmt(stubs) {
      return await stubs.auth.userDelete({ name: "root" }, await signedIn(stubs, root));
    },
    async ErrAuthOldRevision(stubs) {
      const old = await signedIn(stubs, reader);
      await stubs.auth.roleAdd({ name: "another" }, await signedIn(stubs, root));
      // Not by the client's transport, which would take it for a reason to sign in again.
      const plain = createClient(KV, createGrpcWebTransport({ baseUrl: etcd }));
      return await plain.range({ key: bytes("a") }, old);
    },
  };
}

async function signedIn({ auth }: Stubs, user: typeof root): Promise<{ headers: { token: string } }> {
  return { headers: { token: (await auth.authenticate(user)).token } };
}
