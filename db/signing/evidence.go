package signing

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"

	"epkr/internal/signature"
)

// byHash returns the certificates and lists of evidence with their hashes.
func byHash(e signature.Evidence) (hashes []string, contents [][]byte) {
	contents = slices.Concat(e.Certificates, e.RevocationLists)
	hashes = make([]string, len(contents))
	for i, content := range contents {
		sum := sha256.Sum256(content)
		hashes[i] = hex.EncodeToString(sum[:])
	}
	return hashes, contents
}
