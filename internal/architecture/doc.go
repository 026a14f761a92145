// Package architecture checks the imports between the platform's folders against one table: its
// test fails on an import that the table does not allow and on a cycle of folders.
package architecture
