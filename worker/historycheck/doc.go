// Package historycheck checks the hash chains of all orders against the rows of the database: that
// no message of an order was changed, removed or added, that the texts are those that were sent, and
// that the events, which people see as the history, are those of the messages.
//
// It reads one snapshot of the database in one pass, in little memory, and writes nothing.
package historycheck
