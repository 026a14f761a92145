// Package generated makes the files of a standard document: PDF and DOCX of the same text. The same
// input makes the same bytes, so that whoever repeats the work finds what is already stored.
package generated
