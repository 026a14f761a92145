// Package cos reads the objects of a PDF file (ISO 32000-1 clause 7): cross-reference tables and
// streams with their updates, objects, object streams, and the decoded bytes of a stream.
//
// Its input is hostile: the work for a file of any size is limited by [MaxParsed], [MaxValues],
// [MaxEntries], [MaxInflated] and [MaxEncoded], nothing calls itself as deeply as the input is nested, and no number
// of the input decides how much memory is allocated. It repairs nothing: a file whose references are
// wrong is damaged.
//
// Libraries were tried for this. pdfcpu, the maintained one in Go, reads every object and inflates
// every stream before it answers: 377 MB for a bomb of 100 kB.
package cos
