import {
  type Completion,
  type CompletionContext,
  type CompletionResult,
  snippetCompletion,
} from "@codemirror/autocomplete";

const method = (template: string, label: string, detail: string): Completion =>
  snippetCompletion(template, { label, detail, type: "method" });

const members: Readonly<Record<string, readonly Completion[]>> = {
  etcd: [
    method('get("#{key}")', "get", "one key"),
    method('put("#{key}", "#{value}")', "put", "writes a key"),
    method('create("#{key}", "#{value}")', "create", "only if it is missing"),
    method('update("#{key}", "#{value}", { ifModRevision: #{kv}.modRevision })', "update", "only if it is unchanged"),
    method('delete("#{key}")', "delete", "a key, or a range"),
    method('range({ prefix: "#{prefix}" })', "range", "keys of a range"),
    method('count({ prefix: "#{prefix}" })', "count", "how many keys"),
    method('scan({ prefix: "#{prefix}" })', "scan", "a whole range at one revision"),
    method('watch({ prefix: "#{prefix}" })', "watch", "changes, as they come"),
    method("txn({ compare: [#{}], success: [#{}], failure: [#{}] })", "txn", "all at once"),
    method("lease({ ttlSeconds: #{30} })", "lease", "keys that go by themselves"),
    method('namespace("#{prefix}")', "namespace", "the same under a prefix"),
    method("compact(#{revision})", "compact", "forgets history"),
  ],
  op: [
    method('get("#{key}")', "get", "one key"),
    method('put("#{key}", "#{value}")', "put", "writes a key"),
    method('delete("#{key}")', "delete", "a key, or a range"),
    method('range({ prefix: "#{prefix}" })', "range", "keys of a range"),
    method("txn({ #{} })", "txn", "one within the other"),
  ],
  compare: [
    method('missing("#{key}")', "missing", "no such key"),
    method('exists("#{key}")', "exists", "there is such a key"),
    method('value("#{key}").equals("#{value}")', "value", "its value"),
    method('version("#{key}").equals(#{1})', "version", "how often it was written"),
    method('modRevision("#{key}").equals(#{revision})', "modRevision", "when it was written last"),
    method('createRevision("#{key}").equals(#{revision})', "createRevision", "when it was created"),
    method('lease("#{key}").equals(#{id})', "lease", "the lease it hangs on"),
  ],
};

/** What comes after `etcd.`, `op.` and `compare.`. */
export function completeEtcd(context: CompletionContext): CompletionResult | null {
  const found = context.matchBefore(/\b(?:etcd|op|compare)\.\w*/);
  if (found === null) return null;
  const [owner = ""] = found.text.split(".");
  return { from: found.from + owner.length + 1, options: members[owner] ?? [], validFor: /^\w*$/ };
}
