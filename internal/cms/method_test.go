package cms

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
)

// An RSA key of an enormous size is refused before it is used.
func TestEnormousKey(t *testing.T) {
	t.Parallel()
	sha256 := asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 1}
	rsaEncryption := asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 1}
	for bits, accepted := range map[uint]bool{2048: true, 8192: true, 8193: false, 1 << 20: false} {
		key := &rsa.PublicKey{N: new(big.Int).Lsh(big.NewInt(1), bits-1), E: 65537}
		_, err := methodOf(&x509.Certificate{PublicKey: key}, sha256, rsaEncryption)
		if accepted {
			require.NoError(t, err, bits)
		} else {
			require.ErrorIs(t, err, ErrAlgorithm, bits)
		}
	}
}
