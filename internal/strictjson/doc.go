// Package strictjson reads JSON that every reader understands in the same way: I-JSON (RFC 7493)
// with a bounded depth.
//
// Package encoding/json accepts names in any case, uses the last of two equal names, and replaces a
// lone surrogate and bytes that are not UTF-8 by U+FFFD. Therefore two readers may see different
// values, and a stored text may differ from the one that was sent. Input from outside the platform
// is read with this package instead.
package strictjson
