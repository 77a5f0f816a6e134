import type { Message } from "@bufbuild/protobuf";
import { base64Decode } from "@bufbuild/protobuf/wire";
import type { HandlerContext, ServiceImpl } from "@connectrpc/connect";
import type { Auth, AuthenticateRequest, AuthUserAddRequest } from "../gen/etcdserverpb/auth_pb.ts";
import type { ResponseHeader } from "../gen/etcdserverpb/header_pb.ts";
import type { Core } from "./core.ts";
import { errors } from "./errors.ts";
import { defaultRounds, hashPassword, isPassword } from "./passwords.ts";
import { checkEntry, receive } from "./request-size.ts";

export function authService(core: Core): ServiceImpl<typeof Auth> {
  const { auth, tokens } = core.access;
  const rounds = core.options.passwordRounds ?? defaultRounds;
  const answer = (): { header: ResponseHeader } => ({ header: core.header() });
  const caller = ({ requestHeader }: HandlerContext) => core.access.caller(requestHeader);
  /** What root does, and etcd writes to its log. */
  const administer =
    <Request extends Message>(act: (request: Request) => void) =>
    (request: Request, context: HandlerContext): { header: ResponseHeader } => {
      const asking = caller(context);
      checkEntry(receive(context.method.input, request));
      asking.requireRoot();
      act(request);
      return answer();
    };
  return {
    authEnable: administer(() => auth.enable()),
    authDisable: administer(() => {
      auth.disable();
      tokens.clear();
    }),
    authStatus(_, context) {
      caller(context);
      return { ...answer(), enabled: auth.enabled, authRevision: auth.revision };
    },
    async authenticate(request) {
      const token = await signIn(core, request);
      return { ...answer(), token };
    },
    async userAdd(request, context) {
      const password = await passwordOf(request, rounds);
      return administer(() => auth.addUser(request.name, password))(request, context);
    },
    userGet({ name }, context) {
      const asking = caller(context);
      // Everybody may look at themselves.
      if ((asking.name ?? "") !== name) asking.requireRoot();
      return { ...answer(), roles: auth.user(name).roles };
    },
    userList(_, context) {
      caller(context).requireRoot();
      return { ...answer(), users: auth.userNames };
    },
    userDelete: administer(({ name }) => {
      auth.deleteUser(name);
      tokens.revokeAllOf(name);
    }),
    async userChangePassword(request, context) {
      const { name, password, hashedPassword } = request;
      const changed = password === "" ? undefined : await hashPassword(password, rounds);
      return administer(() => {
        auth.changePassword(name, () => changed ?? decodeHash(hashedPassword));
        tokens.revokeAllOf(name);
      })(request, context);
    },
    userGrantRole: administer(({ user, role }) => auth.grantRole(user, role)),
    userRevokeRole: administer(({ name, role }) => auth.revokeRole(name, role)),
    roleAdd: administer(({ name }) => auth.addRole(name)),
    roleGet({ role }, context) {
      const asking = caller(context);
      const itsOwn = asking.name !== undefined && auth.find(asking.name)?.roles.includes(role) === true;
      if (!itsOwn) asking.requireRoot();
      return { ...answer(), perm: [...auth.permissionsOf(role)] };
    },
    roleList(_, context) {
      caller(context).requireRoot();
      return { ...answer(), roles: auth.roleNames };
    },
    roleDelete: administer(({ role }) => auth.deleteRole(role)),
    roleGrantPermission: administer(({ name, perm }) => auth.grantPermission(name, perm)),
    roleRevokePermission: administer((request) => auth.revokePermission(request.role, request)),
  };
}

async function signIn({ access: { auth, tokens } }: Core, { name, password }: AuthenticateRequest): Promise<string> {
  for (;;) {
    if (!auth.enabled) throw errors.authNotEnabled();
    const user = auth.find(name);
    if (user === undefined) throw errors.authFailed();
    if (user.options?.noPassword) throw errors.noPasswordUser();
    const { revision } = auth;
    if (!(await isPassword(password, user.password))) throw errors.authFailed();
    // While the password was hashed, it may have been changed.
    if (auth.enabled && auth.revision === revision) return tokens.assign(name);
  }
}

function passwordOf({ password, options }: AuthUserAddRequest, rounds: number): Promise<Uint8Array> | undefined {
  return options?.noPassword ? undefined : hashPassword(password, rounds);
}

function decodeHash(hashedPassword: string): Uint8Array {
  try {
    return base64Decode(hashedPassword);
  } catch {
    throw errors.noPasswordUser();
  }
}
