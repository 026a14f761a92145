// Package docx writes a document as DOCX (Office Open XML, ECMA-376), for people who want to read or
// change it in a word processor. It has the same words as the PDF, as styles, so that a change of a
// style changes the whole document. The same document gives the same bytes, as in package pdf.
//
// It is our own writer: the libraries for Go that could be had parse a template each time, leave the
// widths of columns, repeated header rows and footers to the caller, or have a licence that does not
// fit.
package docx
