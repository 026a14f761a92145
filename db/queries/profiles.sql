-- name: RefreshCompleteness :exec
-- RefreshCompleteness writes whether the mandatory fields of the engineers' profiles are filled.
update engineers e set profile_complete = (missing_in_profile(e.id) = '{}')
where e.id = any(@engineers::uuid[]) and e.profile_complete is distinct from (missing_in_profile(e.id) = '{}');
