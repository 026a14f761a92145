// Package readmodel compares the rows that people see with what the orders' workflows and their records say, and rewrites those
// that differ.
//
// It never judges a message and never changes a record of one (order_messages): what it writes follows from that record alone.
// Its inputs are the platform's database and the workflows of one task queue, which need a running worker to answer.
package readmodel
