package storage

// The states of a file's row, from the declaration of an upload to the result of its check.
const (
	Uploading = "uploading"
	Checking  = "checking"
	Stored    = "stored"
	Rejected  = "rejected"
)
