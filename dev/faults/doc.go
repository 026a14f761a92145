// Package faults verifies that any process of the platform may die at any moment.
//
// It contains only tests, which run with EPKR_FAULTS=1 (`make test-faults`): they build worker and
// apiserver, start them and the real servers as separate processes, put them under load, and kill
// them. EPKR_FAULTS_SEED repeats the moments and the messages of a run as far as processes can be
// repeated; each run prints its seed. The package is not part of the platform and never ships.
package faults
