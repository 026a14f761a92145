package cms_test

import (
	"bytes"
	"encoding/asn1"
	"encoding/base64"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/internal/cms"
	"epkr/internal/testenv/cost"
	"epkr/internal/testenv/openssl"
)

// errorsOf are all errors of reading.
var errorsOf = []error{
	cms.ErrTooLarge, cms.ErrNotSignature, cms.ErrDamaged, cms.ErrType, cms.ErrAttached, cms.ErrSigners, cms.ErrNoCertificate, cms.ErrAlgorithm,
	cms.ErrAttributes, cms.ErrOtherCertificate,
}

// addSeeds adds the signatures of internal/signature, in each form.
func addSeeds(f *testing.F) {
	paths, err := filepath.Glob("../signature/testdata/seeds/*.der")
	require.NoError(f, err)
	require.NotEmpty(f, paths)
	for _, path := range paths {
		der, err := os.ReadFile(path)
		require.NoError(f, err)
		f.Add(der)
		f.Add(openssl.ToBER(der))
		f.Add([]byte(base64.StdEncoding.EncodeToString(der)))
		f.Add(toPEM(der))
	}
	for _, seed := range [][]byte{
		{},
		{0x30, 0x80, 0, 0},
		{0x30, 0x80, 0x24, 0x80, 4, 1, 1, 0, 0, 0, 0},
		[]byte("MIAGCSqGSIb3DQEHAqCA"),
		{0x30, 9, 0x24, 7, 0x24, 0x80, 4, 1, 7, 0, 0},
		{0x30, 0x80, 0x24, 0x80, 2, 1, 1, 0, 0, 0, 0}, // a string of strings, and of a number
		{0x30, 0x83, 0, 0, 6, 0x1f, 0x81, 2, 0x81, 1, 5},
		{0x30, 4, 0, 2, 0, 0},
		{0x30, 3, 0x30, 2, 0}, // long tags and lengths, an end too early
	} {
		f.Add(seed)
	}
}

// requireCheap bounds what was spent on a signature: a small multiple of its size.
func requireCheap(t *testing.T, spent cost.Cost, size int) {
	t.Helper()
	require.Less(t, spent.Allocated, uint64(4<<20+64*size), "%v for %d bytes", spent, size)
	require.Less(t, spent.CPU, 2*time.Second, "%v for %d bytes", spent, size)
}

// FuzzDER transcodes any bytes. What is accepted is what a transcoder that calls itself makes of it, it
// stays as it is when it is transcoded again, and base64 of it is the same. What is refused is refused
// by the other one too, or exceeds a limit.
func FuzzDER(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, ber []byte) {
		var der []byte
		var err error
		requireCheap(t, cost.Of(func() { der, err = cms.DER(ber) }), len(ber))
		if len(ber) == 0 || ber[0] != 0x30 {
			return // perhaps base64
		}
		expected, rest, elements, known := byRecursion(ber, 0)
		switch {
		case errors.Is(err, cms.ErrTooLarge):
			return
		case err != nil:
			require.True(t, errors.Is(err, cms.ErrNotSignature) || errors.Is(err, cms.ErrDamaged), err)
			require.True(t, !known || len(rest) > 0, "%v, but it can be read", err)
			return
		}
		require.True(t, known && len(rest) == 0, "more is accepted than BER")
		require.Equal(t, expected, der)
		require.LessOrEqual(t, len(der), len(ber)+4*elements)
		for name, again := range map[string][]byte{"DER": der, "base64": []byte(base64.StdEncoding.EncodeToString(ber)), "PEM": toPEM(ber)} {
			same, err := cms.DER(again)
			require.NoError(t, err, name)
			require.Equal(t, der, same, name)
		}
		var whole asn1.RawValue
		rest, err = asn1.Unmarshal(der, &whole)
		require.NoError(t, err, "encoding/asn1 reads lengths of DER only")
		require.Empty(t, rest)
	})
}

// byRecursion is the simple form of the transcoder: it returns the first element of an encoding in DER,
// what follows it, and how many elements there are.
func byRecursion(ber []byte, depth int) (der, rest []byte, elements int, ok bool) {
	identifier, rest, ok := cutIdentifier(ber)
	if !ok || len(rest) == 0 || depth > 64 {
		return nil, nil, 0, false
	}
	length, rest, ok := cutLength(rest)
	if !ok || length > len(rest) || length < 0 && identifier[0]&0x20 == 0 {
		return nil, nil, 0, false
	}
	inner, outer, elements := rest, []byte(nil), 1
	if length >= 0 {
		inner, outer = rest[:length], rest[length:]
	}
	if identifier[0]&0x20 == 0 {
		return join(identifier, inner), outer, elements, true
	}
	inString := identifier[0] == 0x24
	var content []byte
	for length < 0 || len(inner) > 0 {
		if length < 0 && bytes.HasPrefix(inner, []byte{0, 0}) {
			outer = inner[2:]
			break
		}
		if inString && (len(inner) == 0 || inner[0]&^0x20 != 4) {
			return nil, nil, 0, false
		}
		child, after, more, ok := byRecursion(inner, depth+1)
		if !ok {
			return nil, nil, 0, false
		}
		if inString { // without its header
			_, child, _ = cutIdentifier(child)
			_, child, _ = cutLength(child)
		}
		content, inner, elements = append(content, child...), after, elements+more
	}
	if inString {
		identifier = []byte{4}
	}
	return join(identifier, content), outer, elements, true
}

func cutIdentifier(ber []byte) (identifier, rest []byte, ok bool) {
	end := 1
	if len(ber) > 0 && ber[0]&0x1f == 0x1f {
		for end < len(ber) && ber[end]&0x80 != 0 {
			end++
		}
		end++
	}
	if end > len(ber) || end > 4 {
		return nil, nil, false
	}
	return ber[:end], ber[end:], true
}

// cutLength returns a negative length for an indefinite one.
func cutLength(ber []byte) (length int, rest []byte, ok bool) {
	first := int(ber[0])
	switch {
	case first == 0x80:
		return -1, ber[1:], true
	case first < 0x80:
		return first, ber[1:], true
	case first > 0x88 || len(ber) <= first-0x80:
		return 0, nil, false
	}
	for _, b := range ber[1 : 1+first-0x80] {
		if length > 1<<40 {
			return 0, nil, false
		}
		length = length<<8 | int(b)
	}
	return length, ber[1+first-0x80:], true
}

func join(identifier, content []byte) []byte {
	// encoding/asn1 writes the length; the identifier is that of the element.
	header, err := asn1.Marshal(asn1.RawValue{Tag: asn1.TagOctetString, Bytes: content})
	if err != nil {
		panic(err)
	}
	return append(bytes.Clone(identifier), header[1:]...)
}

// FuzzRead reads any bytes as a signature. An error is one of this package; a signature is the same in
// each encoding, and can be verified and have its time stamp read without more than errors of theirs.
func FuzzRead(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		var s *cms.Signature
		var err error
		requireCheap(t, cost.Of(func() { s, err = cms.Read(data) }), len(data))
		if err != nil {
			require.True(t, matches(err, errorsOf...), err)
			return
		}
		require.Contains(t, s.Certificates, s.Certificate)
		der, err := cms.DER(data)
		require.NoError(t, err)
		for name, form := range map[string][]byte{"DER": der, "base64": []byte(base64.StdEncoding.EncodeToString(der)), "PEM": toPEM(der)} {
			same, err := cms.Read(form)
			require.NoError(t, err, name)
			require.Equal(t, shown(s), shown(same), name)
		}
		spent := cost.Of(func() {
			if err := verdict(s); err != nil {
				require.True(t, matches(err, cms.ErrOtherDocument, cms.ErrForged), err)
			}
			require.ErrorIs(t, s.Verify(nil), cms.ErrOtherDocument)
			stamp, err := s.ReadTimeStamp()
			if err != nil {
				require.ErrorIs(t, err, cms.ErrTimeStamp)
			}
			require.Equal(t, s.TimeStamp != nil && err == nil, stamp != nil)
		})
		requireCheap(t, spent, len(data))
	})
}

// verdict verifies a signature for the document.
func verdict(s *cms.Signature) error {
	h := s.NewHash()
	h.Write(document)
	return s.Verify(h.Sum(nil))
}

// shown is all that a signature says.
func shown(s *cms.Signature) []any {
	return []any{s.Certificate, s.Certificates, s.SigningTime, s.TimeStamp, s.NamesCertificate, s.Hash(), s.Outdated(), verdict(s)}
}

func matches(err error, any ...error) bool {
	for _, one := range any {
		if errors.Is(err, one) {
			return true
		}
	}
	return false
}
