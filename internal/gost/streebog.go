package gost

import (
	"encoding/binary"
	"hash"
	"math/bits"
)

const (
	streebogBlock = 64 // bytes
	streebogWords = streebogBlock / 8
	size256       = 32 // bytes
	size512       = 64 // bytes
)

// block is a 512-bit vector of RFC 6986 as a number: word 0 is the least
// significant one and holds the first eight bytes of the stream.
type block [streebogWords]uint64

// streebog is the state of RFC 6986: the hash value, the count of
// bits and the sum of the blocks so far.
type streebog struct {
	h, count, sum block
	pending       [streebogBlock]byte
	pendingLen    int
	size          int // of the digest, in bytes
}

// New256 returns a running Streebog-256 (GOST R 34.11-2012, 32 bytes).
func New256() hash.Hash { return newStreebog(size256) }

// New512 returns a running Streebog-512 (GOST R 34.11-2012, 64 bytes).
func New512() hash.Hash { return newStreebog(size512) }

// Sum256 returns the Streebog-256 of data.
func Sum256(data []byte) [size256]byte {
	d := newStreebog(size256)
	_, _ = d.Write(data)
	return [size256]byte(d.Sum(nil))
}

// Sum512 returns the Streebog-512 of data.
func Sum512(data []byte) [size512]byte {
	d := newStreebog(size512)
	_, _ = d.Write(data)
	return [size512]byte(d.Sum(nil))
}

func newStreebog(size int) *streebog {
	d := &streebog{size: size}
	d.Reset()
	return d
}

func (d *streebog) Size() int      { return d.size }
func (d *streebog) BlockSize() int { return streebogBlock }

// Reset restores the initial state. The two lengths differ only in the initial value (RFC 6986).
func (d *streebog) Reset() {
	*d = streebog{size: d.size}
	if d.size == size256 {
		for i := range d.h {
			d.h[i] = 0x0101010101010101
		}
	}
}

// Write adds p to the hashed stream; it never fails.
func (d *streebog) Write(p []byte) (int, error) {
	written := len(p)
	if d.pendingLen > 0 {
		n := copy(d.pending[d.pendingLen:], p)
		d.pendingLen += n
		p = p[n:]
		if d.pendingLen < streebogBlock {
			return written, nil
		}
		d.absorb(&d.pending, streebogBlock)
		d.pendingLen = 0
	}
	for len(p) >= streebogBlock {
		d.absorb((*[streebogBlock]byte)(p), streebogBlock)
		p = p[streebogBlock:]
	}
	d.pendingLen = copy(d.pending[:], p)
	return written, nil
}

// Sum appends the digest of the data written so far; more data may be written afterwards.
func (d *streebog) Sum(in []byte) []byte {
	final := *d
	var last [streebogBlock]byte
	n := copy(last[:], final.pending[:final.pendingLen])
	last[n] = 1
	final.absorb(&last, n)
	final.h.compress(&block{}, &final.count)
	final.h.compress(&block{}, &final.sum)

	var out [streebogBlock]byte
	for i, word := range final.h {
		binary.LittleEndian.PutUint64(out[8*i:], word)
	}
	return append(in, out[streebogBlock-final.size:]...)
}

// absorb processes one block, of which the first length bytes are message.
func (d *streebog) absorb(raw *[streebogBlock]byte, length int) {
	var m block
	for i := range m {
		m[i] = binary.LittleEndian.Uint64(raw[8*i:])
	}
	d.h.compress(&d.count, &m)
	d.count.add(&block{uint64(length) * 8})
	d.sum.add(&m)
}

// add adds other to b modulo 2^512.
func (b *block) add(other *block) {
	var carry uint64
	for i := range b {
		b[i], carry = bits.Add64(b[i], other[i], carry)
	}
}

// compress is g_N(h, m) of RFC 6986: the block cipher E, keyed by the hash value and the count, in
// the Miyaguchi–Preneel construction.
func (b *block) compress(count, m *block) {
	var key, state block
	key.keyedLPS(b, count)
	state = *m
	for i := range roundConstants {
		state.keyedLPS(&state, &key)
		key.keyedLPS(&key, &roundConstants[i])
	}
	for i := range b {
		b[i] ^= state[i] ^ key[i] ^ m[i]
	}
}

// keyedLPS sets b to L(P(S(x xor key))). The table combines S and L; P, a transposition of the 8×8
// bytes, is the order in which bytes are taken.
func (b *block) keyedLPS(x, key *block) {
	x0, x1, x2, x3 := x[0]^key[0], x[1]^key[1], x[2]^key[2], x[3]^key[3]
	x4, x5, x6, x7 := x[4]^key[4], x[5]^key[5], x[6]^key[6], x[7]^key[7]
	for i := range b {
		b[i] = lps[0][byte(x0)] ^ lps[1][byte(x1)] ^ lps[2][byte(x2)] ^ lps[3][byte(x3)] ^
			lps[4][byte(x4)] ^ lps[5][byte(x5)] ^ lps[6][byte(x6)] ^ lps[7][byte(x7)]
		x0, x1, x2, x3 = x0>>8, x1>>8, x2>>8, x3>>8
		x4, x5, x6, x7 = x4>>8, x5>>8, x6>>8, x7>>8
	}
}
