// Package strictjson reads JSON that has one meaning only, whoever reads it: I-JSON (RFC 7493) with a bounded depth.
//
// Package encoding/json takes names in any case, the last of two equal names, a lone surrogate for U+FFFD and bytes that are no UTF-8.
// So a check of one reading is no check of another, and a text is stored that nobody wrote. Whatever comes from outside the platform
// is read here instead.
package strictjson
