package gost

import (
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// encodedKey builds a SubjectPublicKeyInfo; parameters are a curve and, if
// present, a hash.
func encodedKey(t testing.TB, algorithm asn1.ObjectIdentifier, x, y *big.Int, size int, parameters ...asn1.ObjectIdentifier) []byte {
	t.Helper()
	return encodedKeyOf(t, algorithm, slices.Concat(reversedBytes(x, size), reversedBytes(y, size)), parameters...)
}

func encodedKeyOf(t testing.TB, algorithm asn1.ObjectIdentifier, rawPoint []byte, parameters ...asn1.ObjectIdentifier) []byte {
	t.Helper()
	der := marshal(t, parameters)
	inner := marshal(t, rawPoint)
	return marshal(t, subjectPublicKeyInfo{
		Algorithm: pkix.AlgorithmIdentifier{Algorithm: algorithm, Parameters: asn1.RawValue{FullBytes: der}},
		Key:       asn1.BitString{Bytes: inner, BitLength: 8 * len(inner)},
	})
}

func marshal(t testing.TB, value any) []byte {
	t.Helper()
	der, err := asn1.Marshal(value)
	require.NoError(t, err)
	return der
}

func reversedBytes(n *big.Int, size int) []byte {
	b := n.FillBytes(make([]byte, size))
	slices.Reverse(b)
	return b
}

func TestParsePublicKeyOfPublishedExample(t *testing.T) {
	e := examples[1]
	x, y := number(e.x), number(e.y)
	oid := algorithms[GOST2012_512].key
	test512, _ := findParameterSet(GOST2012_512, asn1.ObjectIdentifier{1, 2, 643, 7, 1, 2, 1, 2, 0})
	key, err := ParsePublicKey(encodedKey(t, oid, x, y, size512, test512.oid))
	require.NoError(t, err)

	signature := slices.Concat(
		number(e.s).FillBytes(make([]byte, size512)),
		number(e.r).FillBytes(make([]byte, size512)))
	require.NoError(t, key.Verify(reversedBytes(number(e.e), size512), signature))
	require.Equal(t, size512, key.Hash()().Size())
}

func TestParsePublicKeyRefuses(t *testing.T) {
	short, long := algorithms[GOST2012_256], algorithms[GOST2012_512]
	old := algorithms[GOST2001]
	setA := asn1.ObjectIdentifier{1, 2, 643, 2, 2, 35, 1}
	tc26A := asn1.ObjectIdentifier{1, 2, 643, 7, 1, 2, 1, 1, 1}
	tc26A512 := asn1.ObjectIdentifier{1, 2, 643, 7, 1, 2, 1, 2, 1}
	x, y := cryptoProA.x, cryptoProA.y
	one := big.NewInt(1)
	good := encodedKey(t, short.key, x, y, size256, setA, short.digest)
	_, err := ParsePublicKey(good)
	require.NoError(t, err)

	// (x, 0) is a point of order two, which the curves of cofactor four have.
	twoX := rootOfCubic(t, tc26A256)
	require.True(t, tc26A256.contains(twoX, new(big.Int)))

	bits := marshal(t, reversedBytes(x, size256))
	for name, row := range map[string]struct {
		der  []byte
		want error
	}{
		"nothing":                      {nil, ErrMalformedKey},
		"trailing bytes":               {append(slices.Clone(good), 0), ErrMalformedKey},
		"cut short":                    {good[:len(good)-1], ErrMalformedKey},
		"an unknown algorithm":         {encodedKey(t, asn1.ObjectIdentifier{1, 2, 840, 10045, 2, 1}, x, y, size256, setA), ErrUnsupported},
		"an unknown curve":             {encodedKey(t, short.key, x, y, size256, asn1.ObjectIdentifier{1, 2, 643, 2, 2, 35, 9}), ErrUnsupported},
		"the curve of examples":        {encodedKey(t, short.key, x, y, size256, asn1.ObjectIdentifier{1, 2, 643, 2, 2, 35, 0}), ErrUnsupported},
		"a curve of another size":      {encodedKey(t, short.key, x, y, size256, tc26A512), ErrUnsupported},
		"a small curve for 512 bits":   {encodedKey(t, long.key, x, y, size256, setA), ErrUnsupported},
		"a TC26 curve for 2001":        {encodedKey(t, old.key, tc26A256.x, tc26A256.y, size256, tc26A, old.digest), ErrUnsupported},
		"2001 without a hash":          {encodedKey(t, old.key, x, y, size256, setA), ErrUnsupported},
		"2001 with Streebog":           {encodedKey(t, old.key, x, y, size256, setA, short.digest), ErrUnsupported},
		"256 bits with Streebog-512":   {encodedKey(t, short.key, x, y, size256, setA, long.digest), ErrUnsupported},
		"no parameters":                {encodedKey(t, short.key, x, y, size256), ErrMalformedKey},
		"a point off the curve":        {encodedKey(t, short.key, x, new(big.Int).Add(y, one), size256, setA), ErrMalformedKey},
		"zeros":                        {encodedKey(t, short.key, new(big.Int), new(big.Int), size256, setA), ErrMalformedKey},
		"x not reduced modulo p":       {encodedKey(t, short.key, new(big.Int).Add(x, cryptoProA.p), y, size256, setA), ErrMalformedKey},
		"a point of a small group":     {encodedKey(t, short.key, twoX, new(big.Int), size256, tc26A), ErrMalformedKey},
		"half a point":                 {encodedKeyOf(t, short.key, reversedBytes(x, size256), setA), ErrMalformedKey},
		"a point of the wrong length":  {encodedKey(t, short.key, x, y, size512, setA), ErrMalformedKey},
		"bits that are not bytes":      {marshal(t, subjectPublicKeyInfo{pkix.AlgorithmIdentifier{Algorithm: short.key, Parameters: asn1.RawValue{FullBytes: marshal(t, []asn1.ObjectIdentifier{setA})}}, asn1.BitString{Bytes: bits, BitLength: 8*len(bits) - 1}}), ErrMalformedKey},
		"a bit string without a value": {marshal(t, subjectPublicKeyInfo{pkix.AlgorithmIdentifier{Algorithm: short.key, Parameters: asn1.RawValue{FullBytes: marshal(t, []asn1.ObjectIdentifier{setA})}}, asn1.BitString{}}), ErrMalformedKey},
	} {
		t.Run(name, func(t *testing.T) {
			key, err := ParsePublicKey(row.der)
			require.ErrorIs(t, err, row.want)
			require.Nil(t, key)
		})
	}
}

// rootOfCubic returns the x coordinate of a point of order two: any point times q lies in the group
// of order four, and twice that is neutral or of order two.
func rootOfCubic(t *testing.T, c *curve) *big.Int {
	t.Helper()
	for i := int64(1); i < 1000; i++ {
		x := big.NewInt(i)
		square := c.mul(x, c.mul(x, x))
		square.Add(square, c.mul(c.a, x)).Add(square, c.b).Mod(square, c.p)
		y := new(big.Int).ModSqrt(square, c.p)
		if y == nil {
			continue
		}
		p := affine(x, y)
		small := c.combination(c.q, p, new(big.Int), p)
		if twice := c.double(small); !twice.isNeutral() {
			small = twice
		}
		if !small.isNeutral() {
			return c.affineX(small)
		}
	}
	t.Fatal("no point of a small group was found")
	return nil
}

// Parsing must not panic on any input, and an accepted key must refuse a signature of zeros.
func FuzzParsePublicKey(f *testing.F) {
	for algorithm, traits := range algorithms {
		for _, set := range slices.Concat(cryptoProSets, tc26Sets) {
			if _, ok := findParameterSet(algorithm, set.oid); ok {
				der := encodedKey(f, traits.key, set.curve.x, set.curve.y, set.size, set.oid, traits.digest)
				f.Add(der)
				f.Add(der[:len(der)/2])
				for at := 0; at < len(der); at += 7 {
					changed := slices.Clone(der)
					changed[at] ^= 0x81
					f.Add(changed)
				}
			}
		}
	}
	f.Add([]byte{})
	f.Add([]byte{0x30, 0x80, 0x00, 0x00})
	f.Add([]byte{0x30, 0x84, 0xff, 0xff, 0xff, 0xff})
	f.Fuzz(func(t *testing.T, der []byte) {
		key, err := ParsePublicKey(der)
		if err != nil {
			require.Nil(t, key)
			return
		}
		size := key.Hash()().Size()
		require.ErrorIs(t, key.Verify(make([]byte, size), make([]byte, 2*size)), ErrSignature)
	})
}
