// Package pdf writes a document as PDF for archives and for everybody: PDF/A-1a (ISO 19005-1) and
// PDF/UA-1 (ISO 14289-1). The file has a structure of headings, paragraphs and tables that screen
// readers follow, its fonts, and the template's name, version and hash in the XMP metadata. The same
// document gives the same bytes, on every machine, from programs of one version of Go (another one may
// compress differently).
//
// It is our own writer because none of the libraries for Go that could be had writes tagged files:
// fpdf, gopdf, maroto and pdfcpu know neither a structure tree nor PDF/A.
//
// Lengths are in thousandths of a point, in integers: every machine breaks and places lines alike.
package pdf
