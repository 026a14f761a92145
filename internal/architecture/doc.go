// Package architecture holds the imports of the platform's folders to one table: its test fails on
// an arrow that the table does not list and on a cycle of folders.
package architecture
