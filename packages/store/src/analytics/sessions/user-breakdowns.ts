import type { ProjectScope } from "@telltale/model";
import type { Engine } from "../../engine/engine.ts";
import { scopeSql } from "../../filter-to-sql/project-scope.ts";
import { SqlParams } from "../../filter-to-sql/sql-params.ts";
import { boundsSql, type TimeBounds, windowOf, windowSql } from "../questions/time-window.ts";
import type { GroupFigures } from "./group-figures.ts";
import { groupFigures } from "./group-list.ts";

const TOP = 20;

export interface UserKey extends TimeBounds {
  scope: ProjectScope;
  userId: string;
}

export interface CountedValue {
  value: string;
  traces: number;
}

export interface UserBreakdowns {
  models: CountedValue[];
  environments: CountedValue[];
  versions: CountedValue[];
}

/** The sums of one person; undefined when there is no trace of theirs in the window. */
export async function userFigures(engine: Engine, user: UserKey, signal?: AbortSignal): Promise<GroupFigures | undefined> {
  const ids = (params: SqlParams): string => `user_id = ${params.bind("String", user.userId)}`;
  const exact = (params: SqlParams): string => ["1", ...windowSql(windowOf(user), params), ...boundsSql(user, params)].join(" AND ");
  const [figures] = await groupFigures(engine, "user", { scope: user.scope, ids, exact }, signal);
  return figures;
}

/** What a person's traces are made of. A value that is not known is `unknown`. */
export async function userBreakdowns(engine: Engine, user: UserKey, signal?: AbortSignal): Promise<UserBreakdowns> {
  const params = new SqlParams();
  const where = [
    scopeSql(user.scope, params),
    `user_id = ${params.bind("String", user.userId)}`,
    ...windowSql(windowOf(user), params),
    ...boundsSql(user, params),
  ];
  const named = (what: string, column: string): string => `('${what}', if(${column} = '', 'unknown', toString(${column})))`;
  const rows = await engine.query<{ what: string; value: string; n: string }>(
    `SELECT pair.1 AS what, pair.2 AS value, count() AS n FROM (
       SELECT arrayJoin(arrayConcat([${named("environments", "environment")}, ${named("versions", "app_version")}], arrayMap(model -> ('models', if(model = '', 'unknown', toString(model))), if(empty(models) AND llm_calls > 0, [''], arrayDistinct(models))))) AS pair
       FROM traces FINAL WHERE ${where.join(" AND ")})
     GROUP BY what, value ORDER BY n DESC, value LIMIT ${TOP} BY what`,
    params.values,
    { signal },
  );
  const of = (name: string): CountedValue[] => rows.filter(({ what }) => what === name).map(({ value, n }) => ({ value, traces: Number(n) }));
  return { models: of("models"), environments: of("environments"), versions: of("versions") };
}
