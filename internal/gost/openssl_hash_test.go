package gost

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"hash"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The published digest of the empty message for the CryptoPro substitution.
func TestHash94OfNothing(t *testing.T) {
	require.Equal(t, "981e5f3ca30c841487830f84fb433e13ac1101569b9c13584ac483234cd656c0",
		hex.EncodeToString(new94().Sum(nil)))
}

func TestHashAgreesWithOpenSSL(t *testing.T) {
	const longest = 300 // bytes: every offset in five blocks
	o := newOpenSSL(t)
	var names []string
	var messages [][]byte
	for length := range longest + 1 {
		data := make([]byte, length)
		rand.Read(data)
		names, messages = append(names, fmt.Sprintf("%d.bin", length)), append(messages, data)
		o.write(names[length], data)
	}
	// Bytes of set bits carry through all words of the running sum.
	carry := []byte(strings.Repeat("\xff", 1024))
	names, messages = append(names, "carry.bin"), append(messages, carry)
	o.write("carry.bin", carry)

	for _, kind := range []struct {
		digest string
		start  func() hash.Hash
	}{{"md_gost12_256", New256}, {"md_gost12_512", New512}, {"md_gost94", new94}} {
		t.Run(kind.digest, func(t *testing.T) {
			args := append([]string{"dgst", "-" + kind.digest, "-r"}, names...)
			lines := strings.Split(strings.TrimSpace(string(o.in(t).run(args...))), "\n")
			require.Len(t, lines, len(messages))
			for i, data := range messages {
				if kind.digest == "md_gost94" && len(data) == 0 {
					continue // the engine hashes a block of zeros here; see TestHash94OfNothing
				}
				h := kind.start()
				_, _ = h.Write(data)
				require.Equal(t, hex.EncodeToString(h.Sum(nil))+" *"+names[i], lines[i])
			}
		})
	}
}
