package gost

import (
	"math/big"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestParameterSets(t *testing.T) {
	for _, set := range slices.Concat(cryptoProSets, tc26Sets) {
		t.Run(set.name, func(t *testing.T) {
			c := set.curve
			require.True(t, c.p.ProbablyPrime(20), "p is prime")
			require.True(t, c.q.ProbablyPrime(20), "q is prime")
			require.LessOrEqual(t, c.p.BitLen(), 8*set.size)
			require.True(t, c.contains(c.x, c.y), "the base point is on the curve")

			zero := new(big.Int)
			require.True(t, c.combination(c.q, c.base(), zero, c.base()).isNeutral(), "q·G = O")
			less := new(big.Int).Sub(c.q, big.NewInt(1))
			opposite := c.combination(less, c.base(), zero, c.base())
			require.Zero(t, c.x.Cmp(c.affineX(opposite)), "(q-1)·G = -G")
			require.True(t, c.add(opposite, c.base()).isNeutral())

			// Hasse: no other cofactor is possible for the size of the field.
			points := new(big.Int).Mul(c.q, big.NewInt(int64(c.cofactor)))
			trace := points.Sub(points, c.p)
			trace.Sub(trace, big.NewInt(1))
			bound := new(big.Int).Lsh(c.p, 2)
			require.LessOrEqual(t, new(big.Int).Mul(trace, trace).Cmp(bound), 0)
		})
	}
}

func TestParameterSetsAreFoundByKeyAlgorithm(t *testing.T) {
	known := map[Algorithm][]string{}
	for _, set := range slices.Concat(cryptoProSets, tc26Sets) {
		for algorithm := range algorithms {
			if found, ok := findParameterSet(algorithm, set.oid); ok {
				require.Equal(t, set.name, found.name)
				known[algorithm] = append(known[algorithm], found.name)
			}
		}
	}
	cryptoPro := []string{"CryptoPro-A", "CryptoPro-B", "CryptoPro-C", "CryptoPro-XchA", "CryptoPro-XchB"}
	require.Equal(t, map[Algorithm][]string{
		GOST2001:     cryptoPro,
		GOST2012_256: append(cryptoPro, "TC26-256-A", "TC26-256-B", "TC26-256-C", "TC26-256-D"),
		GOST2012_512: {"TC26-512-test", "TC26-512-A", "TC26-512-B", "TC26-512-C"},
	}, known)
}

func TestCombinationAgreesWithRepeatedAddition(t *testing.T) {
	c := tc26A256
	sums := []*point{neutral()}
	for range 20 {
		sums = append(sums, c.add(sums[len(sums)-1], c.base()))
	}
	key := sums[7]
	for m := range int64(3) {
		for n := range int64(2) {
			got := c.combination(big.NewInt(m), c.base(), big.NewInt(n), key)
			want := sums[m+7*n]
			require.Equal(t, want.isNeutral(), got.isNeutral())
			if !want.isNeutral() {
				require.Zero(t, c.affineX(want).Cmp(c.affineX(got)), "%d·G + %d·7G", m, n)
			}
		}
	}
}
