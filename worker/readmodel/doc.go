// Package readmodel compares the orders' rows with the orders' workflows and records, and rewrites
// the rows that differ.
//
// It never decides a message and never changes the record of messages (order_messages); what it
// writes follows from that record alone. Its inputs are the platform's database and the workflows
// of one task queue, which need a running worker to answer queries.
package readmodel
