/** A transaction as it is filled in, and as a link keeps it. Keys and values are in the page's notation. */
export interface TxnForm {
  readonly compare: readonly CompareRow[];
  readonly success: readonly OpRow[];
  readonly failure: readonly OpRow[];
}

export type Branch = "success" | "failure";

export interface CompareRow {
  readonly key: string;
  /** The keys of a prefix, each of them. */
  readonly prefix: boolean;
  readonly target: "missing" | "exists" | "value" | "version" | "createRevision" | "modRevision" | "lease";
  readonly relation: "equals" | "notEquals" | "greater" | "less";
  /** Of "value" a text, of the others a number; of "lease" in hexadecimal, as the page shows them. */
  readonly against: string;
}

export interface OpRow {
  readonly kind: "put" | "get" | "range" | "delete";
  readonly key: string;
  /** For "delete": the keys of a prefix. "range" always is of one. */
  readonly prefix: boolean;
  /** For "put". */
  readonly value: string;
}

export const newCompare: CompareRow = { key: "", prefix: false, target: "missing", relation: "equals", against: "" };
export const newOp: OpRow = { kind: "put", key: "", prefix: false, value: "" };
export const emptyForm: TxnForm = { compare: [], success: [], failure: [] };

const put = (key: string, value: string): OpRow => ({ ...newOp, key, value });
const get = (key: string): OpRow => ({ ...newOp, kind: "get", key });

/** To begin with. */
export const templates: readonly { readonly id: string; readonly title: string; readonly form: TxnForm }[] = [
  {
    id: "create",
    title: "Create, only if it is missing",
    form: {
      compare: [{ ...newCompare, key: "config/theme" }],
      success: [put("config/theme", "dark")],
      failure: [get("config/theme")],
    },
  },
  {
    id: "set",
    title: "Compare and set",
    form: {
      compare: [{ ...newCompare, key: "config/theme", target: "value", against: "dark" }],
      success: [put("config/theme", "light")],
      failure: [get("config/theme")],
    },
  },
  {
    id: "move",
    title: "Move a key",
    form: {
      compare: [
        { ...newCompare, key: "drafts/letter", target: "exists" },
        { ...newCompare, key: "sent/letter" },
      ],
      success: [put("sent/letter", "Dear reader"), { ...newOp, kind: "delete", key: "drafts/letter" }],
      failure: [{ ...newOp, kind: "range", key: "drafts/" }],
    },
  },
  {
    id: "read",
    title: "Read several at one revision",
    form: { compare: [], success: [get("config/theme"), { ...newOp, kind: "range", key: "services/" }], failure: [] },
  },
];

export function formatForm(form: TxnForm): string {
  return JSON.stringify(form);
}

/** What {@link formatForm} gave; undefined for what somebody mistyped. */
export function parseForm(text: string): TxnForm | undefined {
  try {
    const { compare, success, failure } = JSON.parse(text) as Partial<TxnForm>;
    if (![compare, success, failure].every(Array.isArray)) return undefined;
    return {
      compare: (compare ?? []).map((row) => ({ ...newCompare, ...row })),
      success: (success ?? []).map((row) => ({ ...newOp, ...row })),
      failure: (failure ?? []).map((row) => ({ ...newOp, ...row })),
    };
  } catch {
    return undefined;
  }
}
