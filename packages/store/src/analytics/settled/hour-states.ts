/**
 * A subquery of all hours that something was written to: `project_id`, `bucket`, `build` (0 = never settled), `last` write, and
 * whether the settled rows are whole: nothing was written since to any hour they rest on. Marks only grow, so equal sums are equal
 * marks. `scope` and `window` are conditions on `project_id` and `bucket`.
 */
export function hourStates(scope: string, window: string): string {
  return `(
  SELECT written.project_id AS project_id, written.bucket AS bucket, ifNull(stood.build, 0) AS build, greatest(written.last, stood.last) AS last, stood.build > 0 AND stood.seen = stood.current AS is_settled
  FROM (SELECT project_id, bucket, max(last) AS last FROM hour_marks WHERE ${scope} AND ${window} GROUP BY project_id, bucket) AS written
  LEFT JOIN (
    SELECT built.project_id AS project_id, built.bucket AS bucket, any(built.build) AS build, any(built.marks) AS seen, sum(marked.marks) AS current, max(marked.last) AS last
    FROM (SELECT project_id, bucket, build, marks, toDateTime(arrayJoin(hours), 'UTC') AS hour FROM settled_hours FINAL WHERE ${scope} AND ${window}) AS built
    LEFT JOIN (SELECT project_id, bucket, sum(marks) AS marks, max(last) AS last FROM hour_marks WHERE ${scope} GROUP BY project_id, bucket) AS marked
      ON built.project_id = marked.project_id AND built.hour = marked.bucket
    GROUP BY project_id, bucket
  ) AS stood ON written.project_id = stood.project_id AND written.bucket = stood.bucket
)`;
}
