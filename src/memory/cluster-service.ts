import type { HandlerContext, ServiceImpl } from "@connectrpc/connect";
import type { Cluster } from "../gen/etcdserverpb/cluster_pb.ts";
import type { Core } from "./core.ts";
import { toPeerUrls } from "./members.ts";

export function clusterService(core: Core): ServiceImpl<typeof Cluster> {
  const { members, clusterId, memberId, raftTerm } = core;
  // Without a revision, as in etcd.
  const answer = () => ({ header: { clusterId, memberId, raftTerm }, members: members.all });
  const requireRoot = ({ requestHeader }: HandlerContext): void => core.access.caller(requestHeader).requireRoot();
  return {
    memberList(_, { requestHeader }) {
      core.access.caller(requestHeader).requireUser();
      return answer();
    },
    memberAdd(request, context) {
      const peerURLs = toPeerUrls(request.peerURLs);
      requireRoot(context);
      const member = members.add(peerURLs, request.isLearner);
      return { ...answer(), member };
    },
    memberRemove({ ID }, context) {
      requireRoot(context);
      members.remove(ID);
      return answer();
    },
    memberUpdate({ ID, peerURLs }, context) {
      requireRoot(context);
      members.update(ID, peerURLs);
      return answer();
    },
    memberPromote({ ID }, context) {
      requireRoot(context);
      return members.promote(ID);
    },
  };
}
