// Package faults proves that everything the platform consists of may die at any moment.
//
// It holds tests only, which run with EPKR_FAULTS=1 (`make test-faults`): they build worker and apiserver, start them and the
// real servers as processes of their own, put them under load, and kill them. EPKR_FAULTS_SEED repeats the moments and the
// messages of a run as far as processes can be repeated; each run prints its seed. The package holds nothing of the platform
// and never ships.
package faults
