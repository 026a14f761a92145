package gost

import (
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
)

// example is a signature of RFC 7091 section 7: the hash e, the public key and
// the signature as numbers.
type example struct {
	name    string
	size    int
	curve   *curve
	x, y    string
	e, r, s string
}

// testCurve256 is 1.2.643.2.2.35.0 of RFC 4357. It is published for examples and no key may use it,
// so only the tests define it.
var testCurve256 = newCurve(1,
	"8000000000000000000000000000000000000000000000000000000000000431",
	"7",
	"5FBFF498AA938CE739B8E022FBAFEF40563F6E6A3472FC2A514C0CE9DAE23B7E",
	"8000000000000000000000000000000150FE8A1892976154C59CFC193ACCF5B3",
	"2",
	"08E2A8A0E65147D4BD6316030E16D19C85C97F0A9CA267122B96ABBCEA7E8FC8")

var examples = []example{
	{
		name: "section 7.1, 256 bits", size: size256, curve: testCurve256,
		x: "7F2B49E270DB6D90D8595BEC458B50C58585BA1D4E9B788F6689DBD8E56FD80B",
		y: "26F1B489D6701DD185C8413A977B3CBBAF64D1C593D26627DFFB101A87FF77DA",
		e: "2DFBC1B372D89A1188C09C52E0EEC61FCE52032AB1022E8E67ECE6672B043EE5",
		r: "41AA28D2F1AB148280CD9ED56FEDA41974053554A42767B83AD043FD39DC0493",
		s: "01456C64BA4642A1653C235A98A60249BCD6D3F746B631DF928014F6C5BF9C40",
	},
	{
		name: "section 7.2, 512 bits", size: size512, curve: tc26Test512,
		x: "115DC5BC96760C7B48598D8AB9E740D4C4A85A65BE33C1815B5C320C854621DD" +
			"5A515856D13314AF69BC5B924C8B4DDFF75C45415C1D9DD9DD33612CD530EFE1",
		y: "37C7C90CD40B0F5621DC3AC1B751CFA0E2634FA0503B3D52639F5D7FB72AFD61" +
			"EA199441D943FFE7F0C70A2759A3CDB84C114E1F9339FDF27F35ECA93677BEEC",
		e: "3754F3CFACC9E0615C4F4A7C4D8DAB531B09B6F9C170C533A71D147035B0C591" +
			"7184EE536593F4414339976C647C5D5A407ADEDB1D560C4FC6777D2972075B8C",
		r: "2F86FA60A081091A23DD795E1E3C689EE512A3C82EE0DCC2643C78EEA8FCACD3" +
			"5492558486B20F1C9EC197C90699850260C93BCBCD9C5C3317E19344E173AE36",
		s: "1081B394696FFE8E6585E7A9362D26B6325F56778AADBC081C0BFBE933D52FF5" +
			"823CE288E8C4F362526080DF7F70CE406A6EEB1F56919CB92A9853BDE73E5B4A",
	},
}

func (e *example) key() *point { return affine(number(e.x), number(e.y)) }

func TestVerifyPublishedExamples(t *testing.T) {
	for _, e := range examples {
		t.Run(e.name, func(t *testing.T) {
			digest, r, s := number(e.e), number(e.r), number(e.s)
			require.True(t, e.curve.contains(number(e.x), number(e.y)))
			require.True(t, verify(e.curve, e.key(), digest, r, s))

			next := func(n *big.Int) *big.Int { return new(big.Int).Add(n, big.NewInt(1)) }
			require.False(t, verify(e.curve, e.key(), next(digest), r, s))
			require.False(t, verify(e.curve, e.key(), digest, next(r), s))
			require.False(t, verify(e.curve, e.key(), digest, r, next(s)))
			require.False(t, verify(e.curve, e.curve.base(), digest, r, s))
		})
	}
}

// The hash is used modulo q and replaced by one if that is zero (step 3 of RFC 7091 section 6.2). A
// signature with r or s outside 1…q-1 is refused although it would satisfy the equation.
func TestVerifyRangesOfHashAndSignature(t *testing.T) {
	for _, e := range examples {
		t.Run(e.name, func(t *testing.T) {
			c, digest, r, s := e.curve, number(e.e), number(e.r), number(e.s)
			plusOrder := func(n *big.Int) *big.Int { return new(big.Int).Add(n, c.q) }
			require.True(t, verify(c, e.key(), plusOrder(digest), r, s))

			// With k = 1 the signature of e = 1 by the private key d = 1 is
			// r = x mod q, s = r + 1.
			r1 := new(big.Int).Mod(c.x, c.q)
			s1 := new(big.Int).Add(r1, big.NewInt(1))
			require.True(t, verify(c, c.base(), big.NewInt(1), r1, s1))
			require.True(t, verify(c, c.base(), new(big.Int), r1, s1))
			require.True(t, verify(c, c.base(), c.q, r1, s1))

			zero := new(big.Int)
			require.False(t, verify(c, e.key(), digest, zero, s))
			require.False(t, verify(c, e.key(), digest, r, zero))
			require.False(t, verify(c, e.key(), digest, plusOrder(r), s))
			require.False(t, verify(c, e.key(), digest, r, plusOrder(s)))
			require.False(t, verify(c, e.key(), digest, c.q, s))
			require.False(t, verify(c, e.key(), digest, r, c.q))
			require.False(t, verify(c, e.key(), digest, new(big.Int).Neg(r), s))
		})
	}
}

func BenchmarkVerify(b *testing.B) {
	for _, e := range examples {
		b.Run(e.name, func(b *testing.B) {
			for b.Loop() {
				if !verify(e.curve, e.key(), number(e.e), number(e.r), number(e.s)) {
					b.Fatal("refused")
				}
			}
		})
	}
}
