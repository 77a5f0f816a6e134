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
  readonly kind: "put" | "get" | "range" | "delete" | "txn";
  readonly key: string;
  /** For "delete": the keys of a prefix. "range" always is of one. */
  readonly prefix: boolean;
  /** For "put". */
  readonly value: string;
  /** For "txn": another transaction, whose compares are decided with those around it. */
  readonly txn?: TxnForm;
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
    id: "nested",
    title: "A seat, else a place in line",
    form: {
      compare: [{ ...newCompare, key: "seats/7" }],
      success: [put("seats/7", "Ann")],
      failure: [
        {
          ...newOp,
          kind: "txn",
          txn: {
            compare: [{ ...newCompare, key: "line/Ann" }],
            success: [put("line/Ann", "for seats/7")],
            failure: [{ ...newOp, kind: "range", key: "line/" }],
          },
        },
      ],
    },
  },
  {
    id: "read",
    title: "Read several at one revision",
    form: { compare: [], success: [get("config/theme"), { ...newOp, kind: "range", key: "services/" }], failure: [] },
  },
];

/** Whether it changes something, whichever way it goes. */
export function writes({ success, failure }: TxnForm): boolean {
  return [...success, ...failure].some(({ kind, txn = emptyForm }) =>
    kind === "txn" ? writes(txn) : kind === "put" || kind === "delete",
  );
}

export function formatForm(form: TxnForm): string {
  return JSON.stringify(form);
}

/** What {@link formatForm} gave; undefined for what somebody mistyped. */
export function parseForm(text: string): TxnForm | undefined {
  try {
    return toForm(JSON.parse(text) as TxnForm);
  } catch {
    return undefined;
  }
}

/** Throws for what is none. */
function toForm({ compare, success, failure }: TxnForm): TxnForm {
  return {
    compare: compare.map((row) => ({ ...newCompare, ...row })),
    success: success.map(toRow),
    failure: failure.map(toRow),
  };
}

function toRow(row: OpRow): OpRow {
  return { ...newOp, ...row, ...(row.txn && { txn: toForm(row.txn) }) };
}
