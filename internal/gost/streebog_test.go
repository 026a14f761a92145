package gost

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"hash"
	"testing"

	"github.com/stretchr/testify/require"
)

// The second message of RFC 6986: «Се ветри, Стрибожи внуци, веютъ с
// моря стрелами на храбрыя плъкы Игоревы» in windows-1251.
const messageM2 = "d1e520e2e5f2f0e82c20d1f2f0e8e1eee6e820e2edf3f6e82c20e2e5fef2fa20f1" +
	"20eceef0ff20f1f2f0e5ebe0ece820ede020f5f0e0e1f0fbff20efebfaeafb20c8e3eef0e5e2fb"

func TestStreebogPublishedExamples(t *testing.T) {
	m2, err := hex.DecodeString(messageM2)
	require.NoError(t, err)
	m1 := []byte("012345678901234567890123456789012345678901234567890123456789012")

	for _, example := range []struct {
		name   string
		data   []byte
		sum256 string
		sum512 string
	}{
		{
			"M1", m1,
			"9d151eefd8590b89daa6ba6cb74af9275dd051026bb149a452fd84e5e57b5500",
			"1b54d01a4af5b9d5cc3d86d68d285462b19abc2475222f35c085122be4ba1ffa" +
				"00ad30f8767b3a82384c6574f024c311e2a481332b08ef7f41797891c1646f48",
		},
		{
			"M2", m2,
			"9dd2fe4e90409e5da87f53976d7405b0c0cac628fc669a741d50063c557e8f50",
			"1e88e62226bfca6f9994f1f2d51569e0daf8475a3b0fe61a5300eee46d961376" +
				"035fe83549ada2b8620fcd7c496ce5b33f0cb9dddc2b6460143b03dabac9fb28",
		},
	} {
		t.Run(example.name, func(t *testing.T) {
			sum256, sum512 := Sum256(example.data), Sum512(example.data)
			require.Equal(t, example.sum256, hex.EncodeToString(sum256[:]))
			require.Equal(t, example.sum512, hex.EncodeToString(sum512[:]))
		})
	}
}

func TestHashDoesNotDependOnChunkSize(t *testing.T) {
	data := make([]byte, 1000)
	rand.Read(data)
	for name, start := range map[string]func() hash.Hash{
		"Streebog-256": New256, "Streebog-512": New512, "GOST R 34.11-94": new94,
	} {
		t.Run(name, func(t *testing.T) {
			whole := start()
			whole.Write(data)
			expected := whole.Sum(nil)
			for _, step := range []int{1, 7, 31, 32, 33, 63, 64, 65, 128, 999} {
				h := start()
				for chunk := range bytesIn(data, step) {
					h.Write(chunk)
					h.Sum(nil) // must not disturb the stream
				}
				require.Equal(t, expected, h.Sum(nil), "step %d", step)
				require.Equal(t, append([]byte("x"), expected...), h.Sum([]byte("x")))

				h.Reset()
				h.Write(data)
				require.Equal(t, expected, h.Sum(nil), "after Reset")
			}
			require.Len(t, expected, whole.Size())
		})
	}
}

func bytesIn(data []byte, step int) func(func([]byte) bool) {
	return func(yield func([]byte) bool) {
		for reader := bytes.NewBuffer(data); reader.Len() > 0; {
			if !yield(reader.Next(step)) {
				return
			}
		}
	}
}

func BenchmarkStreebog256(b *testing.B) { benchmarkHash(b, New256()) }
func BenchmarkStreebog512(b *testing.B) { benchmarkHash(b, New512()) }

func benchmarkHash(b *testing.B, h hash.Hash) {
	data := make([]byte, 1<<16)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		h.Reset()
		h.Write(data)
		h.Sum(nil)
	}
}
