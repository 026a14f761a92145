-- What the planner knows of the tables that every night fills and empties.

-- name: CountRegistryRows :exec
-- The counts of an earlier night say that this one's rows are few, and have every change searched for among all of them.
analyze registry_staging, registry_changes;
