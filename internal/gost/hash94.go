package gost

import (
	"encoding/binary"
	"hash"
	"math/bits"
)

const (
	block94 = 32 // bytes
	words94 = block94 / 8
)

// vector94 is a 256-bit vector of RFC 5831 as a number, the least significant
// word first.
type vector94 [words94]uint64

// hash94 is GOST R 34.11-94 with the CryptoPro substitution (RFC 5831, RFC 4357 section 11.2), the
// hash of GOST R 34.10-2001 keys. It is needed only for certificates issued before 2019.
type hash94 struct {
	h, sum     vector94
	length     uint64 // bits in whole blocks so far
	pending    [block94]byte
	pendingLen int
}

func new94() hash.Hash { return &hash94{} }

func (d *hash94) Size() int      { return size256 }
func (d *hash94) BlockSize() int { return block94 }
func (d *hash94) Reset()         { *d = hash94{} }

// Write adds p to the hashed stream; it never fails.
func (d *hash94) Write(p []byte) (int, error) {
	written := len(p)
	for len(p) > 0 {
		n := copy(d.pending[d.pendingLen:], p)
		d.pendingLen += n
		p = p[n:]
		if d.pendingLen == block94 {
			d.absorb()
		}
	}
	return written, nil
}

// Sum appends the digest of the data written so far; more data may be written afterwards.
func (d *hash94) Sum(in []byte) []byte {
	final := *d
	length := final.length + uint64(final.pendingLen)*8
	if final.pendingLen > 0 {
		clear(final.pending[final.pendingLen:])
		final.absorb()
	}
	final.h.step(&vector94{length})
	final.h.step(&final.sum)
	for _, word := range final.h {
		in = binary.LittleEndian.AppendUint64(in, word)
	}
	return in
}

func (d *hash94) absorb() {
	var m vector94
	for i := range m {
		m[i] = binary.LittleEndian.Uint64(d.pending[8*i:])
	}
	d.h.step(&m)
	var carry uint64
	for i := range d.sum {
		d.sum[i], carry = bits.Add64(d.sum[i], m[i], carry)
	}
	d.length += block94 * 8
	d.pendingLen = 0
}

// step is the step function of RFC 5831. It derives four keys from the hash value and the block,
// enciphers a quarter of the hash value with each, and mixes the result into the hash value.
func (v *vector94) step(m *vector94) {
	upper, lower := *v, *m
	var s vector94
	for i := range s {
		if i > 0 {
			upper = upper.rotated()
			lower = lower.rotated().rotated()
		}
		if i == 2 {
			upper = upper.xor(&keyConstant94)
		}
		key := upper.xor(&lower).permuted()
		s[i] = encipher28147(&key, v[i])
	}
	s.mix(12)
	s = s.xor(m)
	s.mix(1)
	s = s.xor(v)
	s.mix(61)
	*v = s
}

// keyConstant94 is C_3 of RFC 5831
var keyConstant94 = vector94{
	0xff00ff00ff00ff00, 0x00ff00ff00ff00ff, 0xff0000ff00ffff00, 0xff00ffff000000ff,
}

// rotated is the transformation A of RFC 5831
func (v vector94) rotated() vector94 {
	return vector94{v[1], v[2], v[3], v[0] ^ v[1]}
}

func (v *vector94) xor(other *vector94) vector94 {
	return vector94{v[0] ^ other[0], v[1] ^ other[1], v[2] ^ other[2], v[3] ^ other[3]}
}

// permuted is the transformation P of RFC 5831, as a cipher key.
func (v vector94) permuted() (key [8]uint32) {
	for j := range key {
		for i, word := range v {
			key[j] |= uint32(byte(word>>(8*j))) << (8 * i)
		}
	}
	return key
}

// mix applies the transformation ψ of RFC 5831 the given number of
// times: a shift register of sixteen 16-bit words.
func (v *vector94) mix(times int) {
	for range times {
		feedback := uint16(v[0]) ^ uint16(v[0]>>16) ^ uint16(v[0]>>32) ^ uint16(v[0]>>48) ^
			uint16(v[3]) ^ uint16(v[3]>>48)
		v[0] = v[0]>>16 | v[1]<<48
		v[1] = v[1]>>16 | v[2]<<48
		v[2] = v[2]>>16 | v[3]<<48
		v[3] = v[3]>>16 | uint64(feedback)<<48
	}
}

// encipher28147 enciphers one block with GOST 28147-89 (RFC 5830): the key words are used three
// times in order and once in reverse order.
func encipher28147(key *[8]uint32, plain uint64) uint64 {
	low, high := uint32(plain), uint32(plain>>32)
	for round := range 32 {
		k := key[round%8]
		if round >= 24 {
			k = key[31-round]
		}
		low, high = high^substituted28147(low+k), low
	}
	return uint64(low)<<32 | uint64(high)
}

func substituted28147(x uint32) uint32 {
	var y uint32
	for i := range substitution28147 {
		nibble := x >> (4 * i) & 0xf
		y |= uint32(substitution28147[i][nibble]) << (4 * i)
	}
	return bits.RotateLeft32(y, 11)
}

// substitution28147 is id-GostR3411-94-CryptoProParamSet of RFC 4357, the row of
// the least significant nibble first.
var substitution28147 = [8][16]byte{
	{0xa, 0x4, 0x5, 0x6, 0x8, 0x1, 0x3, 0x7, 0xd, 0xc, 0xe, 0x0, 0x9, 0x2, 0xb, 0xf},
	{0x5, 0xf, 0x4, 0x0, 0x2, 0xd, 0xb, 0x9, 0x1, 0x7, 0x6, 0x3, 0xc, 0xe, 0xa, 0x8},
	{0x7, 0xf, 0xc, 0xe, 0x9, 0x4, 0x1, 0x0, 0x3, 0xb, 0x5, 0x2, 0x6, 0xa, 0x8, 0xd},
	{0x4, 0xa, 0x7, 0xc, 0x0, 0xf, 0x2, 0x8, 0xe, 0x1, 0x6, 0x5, 0xd, 0xb, 0x9, 0x3},
	{0x7, 0x6, 0x4, 0xb, 0x9, 0xc, 0x2, 0xa, 0x1, 0x8, 0x0, 0xe, 0xf, 0xd, 0x3, 0x5},
	{0x7, 0x6, 0x2, 0x4, 0xd, 0x9, 0xf, 0x0, 0xa, 0x1, 0x5, 0xb, 0x8, 0xe, 0xc, 0x3},
	{0xd, 0xe, 0x4, 0x1, 0x7, 0x0, 0x5, 0xa, 0x3, 0xc, 0x8, 0xf, 0x6, 0x2, 0x9, 0xb},
	{0x1, 0x3, 0xa, 0x9, 0x5, 0xb, 0x4, 0xf, 0x8, 0x6, 0x7, 0xe, 0xd, 0x0, 0x2, 0xc},
}
