import type { DescMessage, Message } from "@bufbuild/protobuf";
import { type ReflectMessage, reflect } from "@bufbuild/protobuf/reflect";

/**
 * The first field of a message, or of one inside it, that this gateway has no name for. An etcd newer than the gateway
 * might read a range there that nobody has checked.
 */
export function findUnknownField(desc: DescMessage, message: Message): string | undefined {
  return search(reflect(desc, message));
}

function search(message: ReflectMessage): string | undefined {
  const [unknown] = message.getUnknown() ?? [];
  if (unknown !== undefined) return `field ${unknown.no} of ${message.desc.name}`;
  for (const inner of children(message)) {
    const found = search(inner);
    if (found !== undefined) return found;
  }
  return undefined;
}

// etcd's requests hold no maps.
function* children(message: ReflectMessage): Iterable<ReflectMessage> {
  for (const field of message.fields) {
    if (!message.isSet(field)) continue;
    if (field.fieldKind === "message") yield message.get(field);
    else if (field.fieldKind === "list" && field.listKind === "message") {
      yield* message.get(field) as Iterable<ReflectMessage>;
    }
  }
}
