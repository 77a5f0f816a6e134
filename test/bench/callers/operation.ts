/** What is called. */
export type Operation = "get" | "put" | "txn" | "50 gets" | "200 gets";
