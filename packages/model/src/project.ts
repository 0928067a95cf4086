/** A project is MLflow's experiment: same id (decimal int32 string), same name. `"0"` is `Default`. */
export interface Project {
  id: string;
  name: string;
  lifecycle: "active" | "deleted";
  tags: Map<string, string>;
  createdMs: number;
  updatedMs: number;
}

/** Which projects a caller may see. Only authorisation makes one; every query takes one. */
export interface ProjectScope {
  readonly projectIds: readonly string[] | "all";
}
