-- Planner statistics of the tables that every registry run fills and empties.

-- name: AnalyzeRegistryTables :exec
-- AnalyzeRegistryTables updates the statistics. With those of an earlier run the planner assumes
-- few rows and searches all of them for every change.
analyze registry_staging, registry_changes;
