// Package document is the model of a legal document: what it says, block by block, and nothing about
// how it looks. Packages pdf and docx write the same document in their formats; package template
// makes one from a text that a lawyer edits.
package document
